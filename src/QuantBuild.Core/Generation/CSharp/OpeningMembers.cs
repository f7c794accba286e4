namespace QuantBuild.Generation.CSharp;

/// <summary>Writes <c>OpenModel</c>, which needs no ONNX Runtime.</summary>
internal static class OpeningMembers
{
    public static void Write(SourceWriter writer, LoaderModel model)
    {
        if (model.Settings.Embed)
        {
            WriteOpenModel(writer, model);
            return;
        }
        WriteOpenFile(writer);
        WriteModelPath(writer, model.StoredAs);
    }

    private static void WriteOpenModel(SourceWriter writer, LoaderModel model) => writer.WriteMember($$"""
        /// <summary>{{LoaderText.OpenModel(model.Settings)}}</summary>
        public static {{RuntimeTypes.Stream}} OpenModel()
        {
            {{RuntimeTypes.Stream}} stream = typeof({{CSharpIdentifiers.Escape(model.ClassName)}}).Assembly.GetManifestResourceStream({{CSharpLiteral.Of(model.StoredAs)}});
            if (stream == null)
            {
                throw new {{RuntimeTypes.InvalidOperationException}}({{CSharpLiteral.Of(LoaderText.NoResource(model.StoredAs))}});
            }
            return {{RuntimeTypes.Unpacked("stream", model.Settings.IsPacked)}};
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
