namespace QuantBuild.Generation.VisualBasic;

/// <summary>Writes the class of the options of <c>Load</c>.</summary>
internal static class OptionsClass
{
    /// <summary>As the source has it.</summary>
    public static string NameOf(LoaderModel model) => VisualBasicIdentifiers.Escape(LoaderText.OptionsClassOf(model.ClassName));

    public static void Write(SourceWriter writer, LoaderModel model, string visibility)
    {
        writer.WriteMember($"''' <summary>{LoaderText.OptionsSummary(model.ClassName)}</summary>");
        writer.Write(VisualBasicGenerator.GeneratedCodeAttribute);
        using (writer.Indented($"Partial {visibility} NotInheritable Class {NameOf(model)}", "End Class"))
        {
            writer.Write($"""
                ''' <summary>{LoaderText.Configure}</summary>
                Public Property Configure As Global.System.Action(Of {BasicTypes.SessionOptions})
                """);
            writer.WriteMember($"""
                ''' <summary>{LoaderText.VerifyHash}</summary>
                Public Property VerifyHash As Global.System.Boolean = True
                """);
        }
    }
}
