namespace QuantBuild.Generation.FSharp;

/// <summary>Writes <c>OpenModel</c>, which needs no ONNX Runtime.</summary>
internal static class OpeningMembers
{
    public static void Write(SourceWriter writer, LoaderModel model)
    {
        string type = FSharpIdentifiers.Escape(model.ClassName);
        if (model.Settings.Embed)
            WriteOpenResource(writer, type, model);
        else
            WriteOpenFile(writer, type, model.StoredAs);
    }

    private static void WriteOpenResource(SourceWriter writer, string type, LoaderModel model) => writer.Write($"""
        /// <summary>{LoaderText.OpenModel(model.Settings)}</summary>
        static member OpenModel() : {FSharpTypes.Stream} =
            match typeof<{type}>.Assembly.GetManifestResourceStream({FSharpLiteral.Of(model.StoredAs)}) with
            | null -> raise (new {FSharpTypes.InvalidOperationException}({FSharpLiteral.Of(LoaderText.NoResource(model.StoredAs))}))
            | stream -> {(model.Settings.IsPacked ? $"new {FSharpTypes.BrotliStream}(stream, {FSharpTypes.Decompress}) :> {FSharpTypes.Stream}" : "stream")}
        """);

    private static void WriteOpenFile(SourceWriter writer, string type, string fileName)
    {
        writer.Write($"""
            static member private ModelPath() : {FSharpTypes.String} =
                let path = global.System.IO.Path.Combine(global.System.AppContext.BaseDirectory, {FSharpLiteral.Of(fileName)})
                if not (global.System.IO.File.Exists(path)) then
                    raise (new {FSharpTypes.InvalidOperationException}({FSharpLiteral.Of(LoaderText.NoFile(fileName))}))
                path
            """);
        writer.WriteMember($"""
            /// <summary>{LoaderText.OpenFile}</summary>
            static member OpenModel() : {FSharpTypes.Stream} =
                global.System.IO.File.OpenRead({type}.ModelPath()) :> {FSharpTypes.Stream}
            """);
    }
}
