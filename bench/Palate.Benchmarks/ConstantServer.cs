using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

/// <summary>Answers every request with the same JSON, as long as a short recommendation: what the host alone can do.</summary>
internal static class ConstantServer
{
    private static readonly byte[] Answer = Encoding.UTF8.GetBytes(
        """
        {"user_id":"123","recommendations":["42","17","89","3","56"],"status":"success","metadata":{"model_version":"g0001-0123abcd","mode":"base","reason_code":"no_reranker","reason":"The pipeline has no re-ranker."}}
        """);

    public static int Run(string[] arguments)
    {
        string url = arguments is ["--urls", string given] ? given : "http://127.0.0.1:18081";
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url);
        WebApplication app = builder.Build();
        app.Run(static context =>
        {
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = Answer.Length;
            return context.Response.Body.WriteAsync(Answer).AsTask();
        });
        app.Run();
        return 0;
    }
}
