namespace QuantBuild.Generation.CSharp;

/// <summary>Writes the method that registers the class in a container of services; compiled where the project references one.</summary>
internal static class ServiceExtension
{
    /// <summary>Defined where the project references Microsoft.Extensions.DependencyInjection.Abstractions.</summary>
    public const string Symbol = "QUANTBUILD_DEPENDENCYINJECTION";

    private const string Services = "global::Microsoft.Extensions.DependencyInjection.IServiceCollection";

    private const string Registration = "global::Microsoft.Extensions.DependencyInjection.ServiceCollectionServiceExtensions";

    public static string ClassNameOf(string className) => className + "ServiceExtensions";

    /// <param name="visibility">Of the class.</param>
    public static void Write(SourceWriter writer, LoaderModel model, string visibility)
    {
        writer.Write("");
        writer.Write("#if " + Symbol);
        writer.Write($"/// <summary>Registers <c>{model.ClassName}</c> as a service.</summary>");
        writer.Write(CSharpGenerator.GeneratedCodeAttribute);
        using (writer.Block($"{visibility} static partial class {ClassNameOf(model.ClassName)}"))
        {
            bool hasVariants = model.Variants.Count > 0;
            WriteMethod(writer, model, new("", "options", hasVariants ? " It is the fastest form." : ""));
            if (hasVariants)
            {
                writer.Write("");
                WriteMethod(writer, model, new($", {VariantEnum.NameOf(model)} variant", "variant, options", ""));
            }
        }
        writer.Write("#endif");
    }

    private static void WriteMethod(SourceWriter writer, LoaderModel model, Form form)
    {
        string type = CSharpIdentifiers.Escape(model.ClassName);
        string options = OptionsClass.NameOf(model);
        string summary = $"Registers one <c>{model.ClassName}</c> for the whole program. It is loaded when it is first asked for, and the container disposes it.";
        writer.Write($"/// <summary>{summary}{form.Remark}</summary>");
        writer.Write("/// <param name=\"services\">Of the program.</param>");
        if (form.Parameter.Length > 0)
            writer.Write(VariantLoadMembers.VariantParameter);
        writer.Write($$"""
            /// <param name="configure">Changes the options before the model is loaded. Null: nothing is changed.</param>
            /// <returns>What was given.</returns>
            public static {{Services}} Add{{model.ClassName}}(this {{Services}} services{{form.Parameter}}, global::System.Action<{{options}}> configure = null)
            {
                if (services == null)
                {
                    throw new {{RuntimeTypes.ArgumentNullException}}("services");
                }
                return {{Registration}}.AddSingleton<{{type}}>(
                    services,
                    provider =>
                    {
                        {{options}} options = new {{options}}();
                        if (configure != null)
                        {
                            configure(options);
                        }
                        return {{type}}.Load({{form.Arguments}});
                    });
            }
            """);
    }

    /// <param name="Parameter">Between the services and the options.</param>
    /// <param name="Arguments">Of <c>Load</c>.</param>
    /// <param name="Remark">Behind the summary.</param>
    private sealed record Form(string Parameter, string Arguments, string Remark);
}
