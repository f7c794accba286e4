namespace QuantBuild.Generation.FSharp;

/// <summary>Writes the type of the options of <c>Load</c>.</summary>
internal static class OptionsType
{
    /// <summary>As the source has it.</summary>
    public static string NameOf(LoaderModel model) => FSharpIdentifiers.Escape(LoaderText.OptionsClassOf(model.ClassName));

    public static void Write(SourceWriter writer, LoaderModel model)
    {
        writer.WriteMember($"/// <summary>{LoaderText.OptionsSummary(model.ClassName)}</summary>");
        writer.Write(FSharpGenerator.GeneratedCodeAttribute);
        writer.Write("[<global.Microsoft.FSharp.Core.Sealed; global.Microsoft.FSharp.Core.AllowNullLiteral>]");
        string action = $"global.System.Action<{FSharpTypes.SessionOptions}>";
        using (writer.Indented($"type {FSharpGenerator.Visibility(model)}{NameOf(model)}() ="))
        {
            writer.Write($"""
                /// <summary>{LoaderText.Configure}</summary>
                member val Configure: {action} = global.Microsoft.FSharp.Core.Operators.Unchecked.defaultof<{action}> with get, set
                """);
            writer.WriteMember($"""
                /// <summary>{LoaderText.VerifyHash}</summary>
                member val VerifyHash: global.System.Boolean = true with get, set
                """);
        }
        writer.Write("");
    }
}
