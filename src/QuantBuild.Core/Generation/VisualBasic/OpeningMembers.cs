namespace QuantBuild.Generation.VisualBasic;

/// <summary>Writes <c>OpenModel</c>, which needs no ONNX Runtime.</summary>
internal static class OpeningMembers
{
    public static void Write(SourceWriter writer, LoaderModel model)
    {
        if (model.Settings.Embed)
            WriteOpenResource(writer, model);
        else
            WriteOpenFile(writer, model.StoredAs);
    }

    private static void WriteOpenResource(SourceWriter writer, LoaderModel model) => writer.WriteMember($"""
        ''' <summary>{LoaderText.OpenModel(model.Settings)}</summary>
        Public Shared Function OpenModel() As {BasicTypes.Stream}
            Dim stream As {BasicTypes.Stream} = GetType({VisualBasicIdentifiers.Escape(model.ClassName)}).Assembly.GetManifestResourceStream({VisualBasicLiteral.Of(model.StoredAs)})
            If stream Is Nothing Then
                Throw New {BasicTypes.InvalidOperationException}({VisualBasicLiteral.Of(LoaderText.NoResource(model.StoredAs))})
            End If
            Return {(model.Settings.IsPacked ? $"New {BasicTypes.BrotliStream}(stream, {BasicTypes.Decompress})" : "stream")}
        End Function
        """);

    private static void WriteOpenFile(SourceWriter writer, string fileName)
    {
        writer.WriteMember($"""
            ''' <summary>{LoaderText.OpenFile}</summary>
            Public Shared Function OpenModel() As {BasicTypes.Stream}
                Return Global.System.IO.File.OpenRead(ModelPath())
            End Function
            """);
        writer.WriteMember($"""
            Private Shared Function ModelPath() As Global.System.String
                Dim path As Global.System.String = Global.System.IO.Path.Combine(Global.System.AppContext.BaseDirectory, {VisualBasicLiteral.Of(fileName)})
                If Not Global.System.IO.File.Exists(path) Then
                    Throw New {BasicTypes.InvalidOperationException}({VisualBasicLiteral.Of(LoaderText.NoFile(fileName))})
                End If
                Return path
            End Function
            """);
    }
}
