namespace QuantBuild.Generation.CSharp;

/// <summary>Writes what opens and closes the model: <c>Load</c>, <c>OpenModel</c>, <c>Session</c>, <c>Dispose</c>.</summary>
internal static class LoadMembers
{
    /// <summary>Writes what needs no ONNX Runtime.</summary>
    public static void WriteOpening(SourceWriter writer, LoaderModel model)
    {
        if (model.Settings.Embed)
        {
            WriteOpenModel(writer, CSharpIdentifiers.Escape(model.ClassName), model.StoredAs);
            return;
        }
        WriteOpenFile(writer);
        WriteModelPath(writer, model.StoredAs);
    }

    /// <summary>Writes the constructor and what goes through the session.</summary>
    public static void WriteLoading(SourceWriter writer, LoaderModel model)
    {
        string type = CSharpIdentifiers.Escape(model.ClassName);
        writer.Write($"private {RuntimeTypes.Session} _session;");
        writer.WriteMember($$"""
            private {{type}}({{RuntimeTypes.Session}} session)
            {
                _session = session;
            }
            """);
        WriteLoad(writer, type, model.Settings.Embed ? "ReadModel()" : "ModelPath()");
        WriteSession(writer, model.ClassName);
        if (model.Settings.Embed)
            WriteReadModel(writer);
    }

    private static void WriteLoad(SourceWriter writer, string type, string model)
    {
        writer.WriteMember($$"""
            /// <summary>{{LoaderText.Load}}</summary>
            public static {{type}} Load()
            {
                return new {{type}}(new {{RuntimeTypes.Session}}({{model}}));
            }
            """);
        writer.WriteMember($$"""
            /// <summary>{{LoaderText.LoadWithOptions}}</summary>
            /// <param name="options">{{LoaderText.Options}}</param>
            public static {{type}} Load({{RuntimeTypes.SessionOptions}} options)
            {
                if (options == null)
                {
                    throw new {{RuntimeTypes.ArgumentNullException}}("options");
                }
                return new {{type}}(new {{RuntimeTypes.Session}}({{model}}, options));
            }
            """);
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

    private static void WriteSession(SourceWriter writer, string className)
    {
        writer.WriteMember($$"""
            /// <summary>{{LoaderText.Session}}</summary>
            public {{RuntimeTypes.Session}} Session
            {
                get
                {
                    {{RuntimeTypes.Session}} session = _session;
                    if (session == null)
                    {
                        throw new {{RuntimeTypes.ObjectDisposedException}}({{CSharpLiteral.Of(className)}});
                    }
                    return session;
                }
            }
            """);
        writer.WriteMember($$"""
            /// <summary>{{LoaderText.Dispose}}</summary>
            public void Dispose()
            {
                global::System.Threading.Interlocked.Exchange(ref _session, null)?.Dispose();
            }
            """);
    }

    /// <summary>One array of exactly the model's size: a growing stream would hold the model twice.</summary>
    private static void WriteReadModel(SourceWriter writer) => writer.WriteMember($$"""
        private static byte[] ReadModel()
        {
            using ({{RuntimeTypes.Stream}} stream = OpenModel())
            {
                byte[] model = new byte[stream.Length];
                int count = 0;
                while (count < model.Length)
                {
                    int read = stream.Read(model, count, model.Length - count);
                    if (read == 0)
                    {
                        throw new {{RuntimeTypes.InvalidOperationException}}({{CSharpLiteral.Of(LoaderText.Incomplete)}});
                    }
                    count += read;
                }
                return model;
            }
        }
        """);
}
