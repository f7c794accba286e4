namespace QuantBuild.Generation.CSharp;

/// <summary>Writes the method that registers the class in a container of services; compiled where the project references one.</summary>
internal static class ServiceExtension
{
    /// <summary>Defined where the project references Microsoft.Extensions.DependencyInjection.Abstractions.</summary>
    public const string Symbol = "QUANTBUILD_DEPENDENCYINJECTION";

    private const string Services = "global::Microsoft.Extensions.DependencyInjection.IServiceCollection";

    private const string Registration = "global::Microsoft.Extensions.DependencyInjection.ServiceCollectionServiceExtensions";

    private const string Configure = $"global::System.Action<{RuntimeTypes.SessionOptions}>";

    public static string ClassNameOf(string className) => className + "ServiceExtensions";

    /// <param name="visibility">Of the class.</param>
    public static void Write(SourceWriter writer, LoaderModel model, string visibility)
    {
        string type = CSharpIdentifiers.Escape(model.ClassName);
        string method = "Add" + model.ClassName;
        writer.Write("");
        writer.Write("#if " + Symbol);
        writer.Write($"/// <summary>Registers <c>{model.ClassName}</c> as a service.</summary>");
        writer.Write(CSharpGenerator.GeneratedCodeAttribute);
        using (writer.Block($"{visibility} static partial class {ClassNameOf(model.ClassName)}"))
        {
            writer.Write($$"""
                /// <summary>Registers one <c>{{model.ClassName}}</c> for the whole program, with the default options of ONNX Runtime. It is loaded when it is first asked for, and the container disposes it.</summary>
                /// <param name="services">Of the program.</param>
                /// <returns>What was given.</returns>
                public static {{Services}} {{method}}(this {{Services}} services)
                {
                    return {{method}}(services, null);
                }
                """);
            writer.WriteMember($$"""
                /// <summary>Registers one <c>{{model.ClassName}}</c> for the whole program. It is loaded when it is first asked for, and the container disposes it.</summary>
                /// <param name="services">Of the program.</param>
                /// <param name="configure">Sets threads, execution providers and so on before the model is loaded. Null: nothing is changed.</param>
                /// <returns>What was given.</returns>
                public static {{Services}} {{method}}(this {{Services}} services, {{Configure}} configure)
                {
                    if (services == null)
                    {
                        throw new {{RuntimeTypes.ArgumentNullException}}("services");
                    }
                    return {{Registration}}.AddSingleton<{{type}}>(
                        services,
                        provider =>
                        {
                            using ({{RuntimeTypes.SessionOptions}} options = new {{RuntimeTypes.SessionOptions}}())
                            {
                                if (configure != null)
                                {
                                    configure(options);
                                }
                                return {{type}}.Load(options);
                            }
                        });
                }
                """);
        }
        writer.Write("#endif");
    }
}
