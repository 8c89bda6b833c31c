using System.Text;

namespace Palate.Llm;

/// <content>What the model is asked at a node.</content>
internal sealed partial class GraphStrategy
{
    private sealed partial class Walker
    {
        // A result is shown by its beginning: that is what matters, and prompts stay short.
        private const int Shown = 20;

        private Question Ask(int at)
        {
            bool isOrdering = at >= 0 && _options.Execution == GraphExecution.Model;
            var words = new StringBuilder();
            if (at >= 0)
            {
                words.Append("Aspect now: ").Append(_options.Nodes[at].Name).Append(". ").Append(_options.Nodes[at].Words);
            }
            else
            {
                words.Append("The newest result was dropped; say where to go on.");
            }

            if (!isOrdering)
            {
                words.Append(" An algorithm does the ordering: give only the 1 best candidate as the order.");
            }

            if (_options.UsesPool && _pool.Count > 0)
            {
                words.Append(" Results so far, newest last:");
                foreach (Entry entry in _pool)
                {
                    words.Append(' ').Append(_steps[entry.Step].Node).Append(" [");
                    for (int place = 0; place < Math.Min(Math.Min(_list.Top, Shown), entry.Order.Length); place++)
                    {
                        words.Append(place > 0 ? ", " : "").Append("{#").Append(entry.Order[place]).Append('}');
                    }

                    words.Append("];");
                }
            }

            if (_options.Path.Count == 0)
            {
                words.Append(" As the next aspect name one of: ");
                words.AppendJoin(", ", _options.Nodes.Select(node => node.Name));
                words.Append(_pool.Count > 0 ? ", Backward, Stop" : ", Stop");
                words.Append(_options.Execution == GraphExecution.Algorithm ? "; put 'more' or 'less' before it to weigh it." : ".");
            }

            return new Question(QuestionKind.Walk, Newest, isOrdering ? 0 : 1, words.ToString());
        }
    }
}
