namespace Palate.Tests;

public sealed class RadixOrderTests
{
    [Fact]
    public void Agrees_with_a_stable_sort_by_the_high_word()
    {
        for (ulong seed = 0; seed < 50; seed++)
        {
            var random = new SeededRandom(seed);
            ulong range = 1UL << (1 + random.Next(32));
            ulong[] keys = new ulong[random.Next(600)];
            for (int place = 0; place < keys.Length; place++)
            {
                keys[place] = (random.NextUInt64() % range << 32) | (uint)random.Next(1000);
            }

            ulong[] expected = [.. keys.OrderBy(key => key >> 32)];
            RadixOrder.SortByHighWord(keys, new ulong[keys.Length]);

            Assert.Equal(expected, keys);
        }
    }
}
