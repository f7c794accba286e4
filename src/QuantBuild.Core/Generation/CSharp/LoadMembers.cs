namespace QuantBuild.Generation.CSharp;

/// <summary>Writes what makes an object of the class: <c>Load</c>, <c>LoadAsync</c>, <c>LoadFrom</c>.</summary>
internal static class LoadMembers
{
    public const string Token = RuntimeTypes.CancellationToken + " cancellationToken";

    public static void Write(SourceWriter writer, LoaderModel model)
    {
        string type = CSharpIdentifiers.Escape(model.ClassName);
        string options = OptionsClass.NameOf(model);
        WriteLoad(writer, model, type, options);
        WriteLoadAsync(writer, type, options);
        WriteLoadFrom(writer, type, options);
        WriteOpen(writer, model, type, options);
        WriteCreateSession(writer, options);
        WriteVerifyFiles(writer);
        WriteVerifyHash(writer);
        if (model.Settings.Embed)
            ReadModelMembers.Write(writer, model);
    }

    /// <summary>The overload without parameters is not an optional one: a delegate of it can be had.</summary>
    private static void WriteLoad(SourceWriter writer, LoaderModel model, string type, string options)
    {
        writer.WriteMember($$"""
            /// <summary>{{LoaderText.Load}}</summary>
            public static {{type}} Load()
            {
                return Open(null, default({{RuntimeTypes.CancellationToken}}));
            }
            """);
        writer.WriteMember($$"""
            /// <summary>{{LoaderText.LoadWithOptions}}</summary>
            /// <param name="options">{{LoaderText.Options}}</param>{{HashException(!model.Settings.Embed)}}
            public static {{type}} Load({{options}} options)
            {
                return Open(options, default({{RuntimeTypes.CancellationToken}}));
            }
            """);
        string verify = model.Settings.Embed ? "" : $"\n    VerifyFiles(ModelPath(), default({RuntimeTypes.CancellationToken}));";
        writer.WriteMember($$"""
            /// <summary>{{LoaderText.LoadWithOptions}}</summary>
            /// <param name="options">{{LoaderText.SessionOptions}}</param>{{HashException(!model.Settings.Embed)}}
            public static {{type}} Load({{RuntimeTypes.SessionOptions}} options)
            {
                if (options == null)
                {
                    throw new {{RuntimeTypes.ArgumentNullException}}("options");
                }{{verify}}
                return new {{type}}(new {{RuntimeTypes.Session}}({{(model.Settings.Embed ? "ReadModel()" : "ModelPath()")}}, options));
            }
            """);
    }

    private static void WriteLoadAsync(SourceWriter writer, string type, string options) => writer.WriteMember($$"""
        /// <summary>{{LoaderText.LoadAsync}}</summary>
        /// <param name="options">{{LoaderText.Options}}</param>
        /// <param name="cancellationToken">{{LoaderText.LoadCancellation}}</param>
        public static {{RuntimeTypes.Task}}<{{type}}> LoadAsync({{options}} options = null, {{Token}} = default({{RuntimeTypes.CancellationToken}}))
        {
            return {{RuntimeTypes.Task}}.Run(
                () =>
                {
                    {{type}} model = Open(options, cancellationToken);
                    if (cancellationToken.IsCancellationRequested)
                    {
                        model.Dispose();
                        cancellationToken.ThrowIfCancellationRequested();
                    }
                    return model;
                },
                cancellationToken);
        }
        """);

    private static void WriteLoadFrom(SourceWriter writer, string type, string options) => writer.WriteMember($$"""
        /// <summary>{{LoaderText.LoadFrom}}</summary>
        /// <param name="path">{{LoaderText.Path}}</param>
        /// <param name="options">{{LoaderText.Options}}</param>{{HashException(true)}}
        public static {{type}} LoadFrom(string path, {{options}} options = null)
        {
            if (path == null)
            {
                throw new {{RuntimeTypes.ArgumentNullException}}("path");
            }
            return OpenFile(path, options, default({{RuntimeTypes.CancellationToken}}));
        }
        """);

    private static void WriteOpen(SourceWriter writer, LoaderModel model, string type, string options)
    {
        string open = model.Settings.Embed
            ? $"return new {type}(CreateSession(ReadModel(), null, options));"
            : "return OpenFile(ModelPath(), options, cancellationToken);";
        writer.WriteMember($$"""
            private static {{type}} Open({{options}} options, {{Token}})
            {
                {{open}}
            }
            """);
        writer.WriteMember($$"""
            private static {{type}} OpenFile(string path, {{options}} options, {{Token}})
            {
                if (!global::System.IO.File.Exists(path))
                {
                    throw new {{RuntimeTypes.FileNotFoundException}}("There is no file '" + path + "'.", path);
                }
                if (options == null || options.VerifyHash)
                {
                    VerifyFiles(path, cancellationToken);
                }
                return new {{type}}(CreateSession(null, path, options));
            }
            """);
    }

    public static void WriteCreateSession(SourceWriter writer, string options) => writer.WriteMember($$"""
        private static {{RuntimeTypes.Session}} CreateSession(byte[] model, string path, {{options}} options)
        {
            using ({{RuntimeTypes.SessionOptions}} sessionOptions = new {{RuntimeTypes.SessionOptions}}())
            {
                options?.Configure?.Invoke(sessionOptions);
                return model == null ? new {{RuntimeTypes.Session}}(path, sessionOptions) : new {{RuntimeTypes.Session}}(model, sessionOptions);
            }
        }
        """);

    private static void WriteVerifyFiles(SourceWriter writer)
    {
        writer.WriteMember($$"""
            private static void VerifyFiles(string path, {{Token}})
            {
                VerifyHash(path, Metadata.ModelSha256, cancellationToken);
                if (Metadata.WeightsFileName.Length > 0)
                {
                    string folder = global::System.IO.Path.GetDirectoryName(global::System.IO.Path.GetFullPath(path));
                    VerifyHash(global::System.IO.Path.Combine(folder, Metadata.WeightsFileName), Metadata.WeightsSha256, cancellationToken);
                }
            }
            """);
    }

    /// <summary>Reads a file piece by piece, so that a large one is never held.</summary>
    public static void WriteVerifyHash(SourceWriter writer)
    {
        writer.WriteMember($$"""
            private static void VerifyHash(string path, string expected, {{Token}})
            {
                if (expected.Length == 0)
                {
                    throw new {{RuntimeTypes.InvalidOperationException}}({{CSharpLiteral.Of(LoaderText.NoHash)}});
                }
                using (global::System.Security.Cryptography.SHA256 sha = global::System.Security.Cryptography.SHA256.Create())
                using ({{RuntimeTypes.Stream}} stream = global::System.IO.File.OpenRead(path))
                {
                    byte[] buffer = new byte[131072];
                    int read;
                    while ((read = stream.Read(buffer, 0, buffer.Length)) > 0)
                    {
                        cancellationToken.ThrowIfCancellationRequested();
                        sha.TransformBlock(buffer, 0, read, null, 0);
                    }
                    sha.TransformFinalBlock(buffer, 0, 0);
                    string actual = global::System.BitConverter.ToString(sha.Hash).Replace("-", "").ToLowerInvariant();
                    if (!string.Equals(actual, expected, global::System.StringComparison.Ordinal))
                    {
                        throw new {{RuntimeTypes.InvalidDataException}}(
                            "The file '" + path + {{CSharpLiteral.Of(LoaderText.OtherHash)}} + actual
                            + {{CSharpLiteral.Of(LoaderText.ExpectedHash)}} + expected + {{CSharpLiteral.Of(LoaderText.HashAdvice)}});
                    }
                }
            }
            """);
    }

    public static string HashException(bool isThrown) =>
        isThrown ? $"\n/// <exception cref=\"{RuntimeTypes.InvalidDataException}\">{LoaderText.HashIsOther}</exception>" : "";
}
