namespace QuantBuild.Generation.CSharp;

/// <summary>Writes what makes an object of a class that has several forms of its model.</summary>
internal static class VariantLoadMembers
{
    public const string VariantParameter = "/// <param name=\"variant\">Which form, or a wish that the build has decided about.</param>";

    private const string NoToken = "default(" + RuntimeTypes.CancellationToken + ")";

    public static void Write(SourceWriter writer, LoaderModel model)
    {
        string type = CSharpIdentifiers.Escape(model.ClassName);
        string options = OptionsClass.NameOf(model);
        string variants = VariantEnum.NameOf(model);
        writer.WriteMember($$"""
            private {{variants}} _variant;

            /// <summary>The form that this object runs.</summary>
            public {{variants}} Variant { get { return _variant; } }
            """);
        WriteLoad(writer, type, options, variants);
        WriteLoadAsync(writer, type, options, variants);
        WriteLoadFrom(writer, type, options, variants);
        WriteLoadAdaptive(writer, model, type);
        WriteOpen(writer, model, type, options);
        LoadMembers.WriteCreateSession(writer, options);
        WriteVerifyFiles(writer);
        LoadMembers.WriteVerifyHash(writer);
        if (model.Settings.Embed)
            ReadModelMembers.Write(writer, model, "file");
    }

    private static void WriteLoad(SourceWriter writer, string type, string options, string variants)
    {
        writer.WriteMember($$"""
            /// <summary>{{LoaderText.Load}} It is the fastest form.</summary>
            public static {{type}} Load()
            {
                return Open({{variants}}.{{VariantEnum.Fastest}}, null, {{NoToken}});
            }
            """);
        writer.WriteMember($$"""
            /// <summary>{{LoaderText.LoadWithOptions}} It is the fastest form.</summary>
            /// <param name="options">{{LoaderText.Options}}</param>
            public static {{type}} Load({{options}} options)
            {
                return Open({{variants}}.{{VariantEnum.Fastest}}, options, {{NoToken}});
            }
            """);
        writer.WriteMember($$"""
            /// <summary>{{LoaderText.LoadWithOptions}}</summary>
            {{VariantParameter}}
            /// <param name="options">{{LoaderText.Options}}</param>
            public static {{type}} Load({{variants}} variant, {{options}} options = null)
            {
                return Open(variant, options, {{NoToken}});
            }
            """);
    }

    private static void WriteLoadAsync(SourceWriter writer, string type, string options, string variants)
    {
        writer.WriteMember($$"""
            /// <summary>{{LoaderText.LoadAsync}} It is the fastest form.</summary>
            /// <param name="options">{{LoaderText.Options}}</param>
            /// <param name="cancellationToken">{{LoaderText.LoadCancellation}}</param>
            public static {{RuntimeTypes.Task}}<{{type}}> LoadAsync({{options}} options = null, {{LoadMembers.Token}} = {{NoToken}})
            {
                return LoadAsync({{variants}}.{{VariantEnum.Fastest}}, options, cancellationToken);
            }
            """);
        writer.WriteMember($$"""
            /// <summary>{{LoaderText.LoadAsync}}</summary>
            {{VariantParameter}}
            /// <param name="options">{{LoaderText.Options}}</param>
            /// <param name="cancellationToken">{{LoaderText.LoadCancellation}}</param>
            public static {{RuntimeTypes.Task}}<{{type}}> LoadAsync({{variants}} variant, {{options}} options = null, {{LoadMembers.Token}} = {{NoToken}})
            {
                return {{RuntimeTypes.Task}}.Run(
                    () =>
                    {
                        {{type}} model = Open(variant, options, cancellationToken);
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
    }

    private static void WriteLoadFrom(SourceWriter writer, string type, string options, string variants) => writer.WriteMember($$"""
        /// <summary>{{LoaderText.LoadFrom}}</summary>
        {{VariantParameter}}
        /// <param name="path">{{LoaderText.Path}}</param>
        /// <param name="options">{{LoaderText.Options}}</param>{{LoadMembers.HashException(true)}}
        public static {{type}} LoadFrom({{variants}} variant, string path, {{options}} options = null)
        {
            if (path == null)
            {
                throw new {{RuntimeTypes.ArgumentNullException}}("path");
            }
            return OpenFile(FileOf(variant), path, options, {{NoToken}});
        }
        """);

    private static void WriteLoadAdaptive(SourceWriter writer, LoaderModel model, string type)
    {
        string adaptive = AdaptiveClass.NameOf(model);
        writer.WriteMember($$"""
            /// <summary>Loads all forms, and gives an object that changes between them so that calls keep a latency budget.</summary>
            /// <param name="options">The budget, and how the forms are loaded.</param>
            /// <exception cref="{{RuntimeTypes.ArgumentException}}">The budget is not positive.</exception>
            public static {{adaptive}} LoadAdaptive({{AdaptiveClass.OptionsNameOf(model)}} options)
            {
                if (options == null)
                {
                    throw new {{RuntimeTypes.ArgumentNullException}}("options");
                }
                if (options.LatencyBudget <= global::System.TimeSpan.Zero || options.ProbeInterval <= global::System.TimeSpan.Zero)
                {
                    throw new {{RuntimeTypes.ArgumentException}}("LatencyBudget and ProbeInterval must be positive.", "options");
                }
                VariantFile[] files = (VariantFile[])VariantFile.All.Clone();
                global::System.Array.Sort(files, (left, right) => left.CompareLoss(right));
                {{type}}[] models = new {{type}}[files.Length];
                try
                {
                    for (int index = 0; index < files.Length; index++)
                    {
                        models[index] = Open(files[index].Variant, options.Loading, {{NoToken}});
                    }
                    return new {{adaptive}}(models, options);
                }
                catch
                {
                    foreach ({{type}} model in models)
                    {
                        model?.Dispose();
                    }
                    throw;
                }
            }
            """);
    }

    private static void WriteOpen(SourceWriter writer, LoaderModel model, string type, string options)
    {
        string open = model.Settings.Embed
            ? $"return new {type}(CreateSession(ReadModel(file), null, options)) {{ _variant = file.Variant }};"
            : "return OpenFile(file, ModelPath(file), options, cancellationToken);";
        writer.WriteMember($$"""
            private static {{type}} Open({{VariantEnum.NameOf(model)}} variant, {{options}} options, {{LoadMembers.Token}})
            {
                VariantFile file = FileOf(variant);
                {{open}}
            }
            """);
        writer.WriteMember($$"""
            private static {{type}} OpenFile(VariantFile file, string path, {{options}} options, {{LoadMembers.Token}})
            {
                if (!global::System.IO.File.Exists(path))
                {
                    throw new {{RuntimeTypes.FileNotFoundException}}("There is no file '" + path + "'.", path);
                }
                if (options == null || options.VerifyHash)
                {
                    VerifyFiles(file, path, cancellationToken);
                }
                return new {{type}}(CreateSession(null, path, options)) { _variant = file.Variant };
            }
            """);
    }

    private static void WriteVerifyFiles(SourceWriter writer) => writer.WriteMember($$"""
        private static void VerifyFiles(VariantFile file, string path, {{LoadMembers.Token}})
        {
            VerifyHash(path, file.ModelSha256, cancellationToken);
            if (file.WeightsFileName.Length > 0)
            {
                string folder = global::System.IO.Path.GetDirectoryName(global::System.IO.Path.GetFullPath(path));
                VerifyHash(global::System.IO.Path.Combine(folder, file.WeightsFileName), file.WeightsSha256, cancellationToken);
            }
        }
        """);
}
