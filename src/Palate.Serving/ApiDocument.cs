using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Palate.Serving;

/// <summary>The OpenAPI document at <c>/openapi/v1.json</c>, committed as <c>docs/openapi.json</c>.</summary>
internal static class ApiDocument
{
    public const string Path = "/openapi/v1.json";

    public static void Add(IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(json =>
        {
            // The document is derived from these options; they must be those that the routes read and write with.
            json.SerializerOptions.PropertyNamingPolicy = RecommendJson.Default.Options.PropertyNamingPolicy;
            json.SerializerOptions.PropertyNameCaseInsensitive = false;
            json.SerializerOptions.NumberHandling = RecommendJson.Default.Options.NumberHandling;
            foreach (IJsonTypeInfoResolver room in (IJsonTypeInfoResolver[])
                [RecommendJson.Default, GenerationJson.Default, HealthJson.Default, ProblemJson.Default])
            {
                json.SerializerOptions.TypeInfoResolverChain.Insert(0, room);
            }
        });
        services.AddOpenApi("v1", api =>
        {
            api.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            api.AddDocumentTransformer(Introduce);
            api.AddOperationTransformer(DescribeQuery);
            api.AddSchemaTransformer(DescribeOwnShapes);
        });
    }

    public static void Map(WebApplication app) => app.MapOpenApi(Path);

    private static Task Introduce(
        OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken stop)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Palate",
            Version = "1",
            Description = "Recommendations. Every id is a string; a whole number in a request is read as its digits.",
        };

        // Where the service listens is not part of its contract.
        document.Servers?.Clear();
        return Task.CompletedTask;
    }

    private static Task DescribeQuery(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken stop)
    {
        if (operation.OperationId == "Recommend")
        {
            operation.Parameters =
            [
                Parameter("user_id", JsonSchemaType.String, "For whom: 1 to 512 characters.", isRequired: true),
                Parameter(
                    "top_k", JsonSchemaType.Integer, "How many items, 1 to 1000; 10 when absent. Also read as topk."),
                Parameter("query", JsonSchemaType.String, "What the user typed, at most 2000 characters."),
                Parameter("pipeline", JsonSchemaType.String, "The pipeline to use; absent for the default one."),
            ];
        }

        return Task.CompletedTask;
    }

    private static OpenApiParameter Parameter(
        string name, JsonSchemaType type, string description, bool isRequired = false) =>
        new()
        {
            Name = name,
            In = ParameterLocation.Query,
            Required = isRequired,
            Description = description,
            Schema = type == JsonSchemaType.Integer
                ? new OpenApiSchema { Type = type, Minimum = "1", Maximum = $"{RecommendRequest.MaxCount}" }
                : new OpenApiSchema { Type = type },
        };

    private static Task DescribeOwnShapes(
        OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken stop)
    {
        // Own converters read and write these, so nothing is known of their shape.
        const JsonSchemaType Id = JsonSchemaType.String | JsonSchemaType.Integer;
        if (context.JsonTypeInfo.Type == typeof(ExternalId))
        {
            schema.Type = Id;
        }
        else if (context.JsonTypeInfo.Type == typeof(Mode))
        {
            (schema.Type, schema.Properties) = (JsonSchemaType.String, null);
        }
        else if (context.JsonTypeInfo.ElementType == typeof(ExternalId))
        {
            schema.Items = new OpenApiSchema { Type = Id };
        }

        return Task.CompletedTask;
    }
}
