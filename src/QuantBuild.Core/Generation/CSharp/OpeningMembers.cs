namespace QuantBuild.Generation.CSharp;

/// <summary>Writes <c>OpenModel</c>, which needs no ONNX Runtime.</summary>
internal static class OpeningMembers
{
    public static void Write(SourceWriter writer, LoaderModel model)
    {
        if (model.Settings.Embed)
        {
            WriteOpenModel(writer, CSharpIdentifiers.Escape(model.ClassName), model.StoredAs);
            return;
        }
        WriteOpenFile(writer);
        WriteModelPath(writer, model.StoredAs);
    }

    private static void WriteOpenModel(SourceWriter writer, string type, string logicalName) => writer.WriteMember($$"""
        /// <summary>{{LoaderText.OpenResource}}</summary>
        public static {{RuntimeTypes.Stream}} OpenModel()
        {
            {{RuntimeTypes.Stream}} stream = typeof({{type}}).Assembly.GetManifestResourceStream({{CSharpLiteral.Of(logicalName)}});
            if (stream == null)
            {
                throw new {{RuntimeTypes.InvalidOperationException}}({{CSharpLiteral.Of(LoaderText.NoResource(logicalName))}});
            }
            return stream;
        }
        """);

    private static void WriteOpenFile(SourceWriter writer) => writer.WriteMember($$"""
        /// <summary>{{LoaderText.OpenFile}}</summary>
        public static {{RuntimeTypes.Stream}} OpenModel()
        {
            return global::System.IO.File.OpenRead(ModelPath());
        }
        """);

    private static void WriteModelPath(SourceWriter writer, string fileName) => writer.WriteMember($$"""
        private static string ModelPath()
        {
            string path = global::System.IO.Path.Combine(global::System.AppContext.BaseDirectory, {{CSharpLiteral.Of(fileName)}});
            if (!global::System.IO.File.Exists(path))
            {
                throw new {{RuntimeTypes.InvalidOperationException}}({{CSharpLiteral.Of(LoaderText.NoFile(fileName))}});
            }
            return path;
        }
        """);
}
