namespace QuantBuild.Generation;

/// <summary>Writes what opens and closes the model: <c>Load</c>, <c>OpenModel</c>, <c>Session</c>, <c>Dispose</c>.</summary>
internal static class LoadMembers
{
    /// <param name="modelName">Of the resource, or of the file beside the program.</param>
    public static void Write(CSharpWriter writer, string className, string modelName, bool isEmbedded)
    {
        string type = Identifiers.Escape(className);
        writer.Write($"private {RuntimeTypes.Session} _session;");
        writer.WriteMember($$"""
            private {{type}}({{RuntimeTypes.Session}} session)
            {
                _session = session;
            }
            """);
        WriteLoad(writer, type, isEmbedded ? "ReadModel()" : "ModelPath()");
        if (isEmbedded)
            WriteOpenModel(writer, type, modelName);
        else
            WriteOpenFile(writer);
        WriteSession(writer, className);
        if (isEmbedded)
            WriteReadModel(writer);
        else
            WriteModelPath(writer, modelName);
    }

    private static void WriteLoad(CSharpWriter writer, string type, string model)
    {
        writer.WriteMember($$"""
            /// <summary>Loads the model with the default options of ONNX Runtime. Takes long; load once and share the result.</summary>
            public static {{type}} Load()
            {
                return new {{type}}(new {{RuntimeTypes.Session}}({{model}}));
            }
            """);
        writer.WriteMember($$"""
            /// <summary>Loads the model. Takes long; load once and share the result.</summary>
            /// <param name="options">Threads, execution providers and so on; they stay the caller's to dispose.</param>
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

    private static void WriteOpenModel(CSharpWriter writer, string type, string logicalName)
    {
        string message = $"The assembly has no resource '{logicalName}', which is the quantized model. Build the project again.";
        writer.WriteMember($$"""
            /// <summary>Opens the file of the quantized model, an ONNX model that is embedded in this assembly.</summary>
            public static {{RuntimeTypes.Stream}} OpenModel()
            {
                {{RuntimeTypes.Stream}} stream = typeof({{type}}).Assembly.GetManifestResourceStream({{CSharpLiteral.Of(logicalName)}});
                if (stream == null)
                {
                    throw new {{RuntimeTypes.InvalidOperationException}}({{CSharpLiteral.Of(message)}});
                }
                return stream;
            }
            """);
    }

    private static void WriteOpenFile(CSharpWriter writer) => writer.WriteMember($$"""
        /// <summary>Opens the file of the quantized model, an ONNX model beside the program; large weights are in a file of their own beside it.</summary>
        public static {{RuntimeTypes.Stream}} OpenModel()
        {
            return global::System.IO.File.OpenRead(ModelPath());
        }
        """);

    private static void WriteModelPath(CSharpWriter writer, string fileName)
    {
        string message = $"The file '{fileName}', which is the quantized model, is not beside the program. Build the project again, and deploy all files of its output.";
        writer.WriteMember($$"""
            private static string ModelPath()
            {
                string path = global::System.IO.Path.Combine(global::System.AppContext.BaseDirectory, {{CSharpLiteral.Of(fileName)}});
                if (!global::System.IO.File.Exists(path))
                {
                    throw new {{RuntimeTypes.InvalidOperationException}}({{CSharpLiteral.Of(message)}});
                }
                return path;
            }
            """);
    }

    private static void WriteSession(CSharpWriter writer, string className)
    {
        writer.WriteMember($$"""
            /// <summary>The session of ONNX Runtime, for everything that this class does not offer. Disposed with this object.</summary>
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
            /// <summary>Releases the model. No call of <c>Run</c> may be going on.</summary>
            public void Dispose()
            {
                global::System.Threading.Interlocked.Exchange(ref _session, null)?.Dispose();
            }
            """);
    }

    /// <summary>One array of exactly the model's size: a growing stream would hold the model twice.</summary>
    private static void WriteReadModel(CSharpWriter writer) => writer.WriteMember($$"""
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
                        throw new {{RuntimeTypes.InvalidOperationException}}("The embedded model is incomplete. Build the project again.");
                    }
                    count += read;
                }
                return model;
            }
        }
        """);
}
