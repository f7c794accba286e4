namespace QuantBuild.Generation.CSharp;

/// <summary>Writes the class of the options of <c>Load</c>.</summary>
internal static class OptionsClass
{
    /// <summary>As the source has it.</summary>
    public static string NameOf(LoaderModel model) => CSharpIdentifiers.Escape(LoaderText.OptionsClassOf(model.ClassName));

    public static void Write(SourceWriter writer, LoaderModel model, string visibility)
    {
        writer.WriteMember($"/// <summary>{LoaderText.OptionsSummary(model.ClassName)}</summary>");
        writer.Write(CSharpGenerator.GeneratedCodeAttribute);
        using (writer.Block($"{visibility} sealed partial class {NameOf(model)}"))
        {
            writer.Write($$"""
                /// <summary>{{LoaderText.Configure}}</summary>
                public global::System.Action<{{RuntimeTypes.SessionOptions}}> Configure { get; set; }
                """);
            writer.WriteMember($$"""
                /// <summary>{{LoaderText.VerifyHash}}</summary>
                public bool VerifyHash { get; set; } = true;
                """);
        }
    }
}
