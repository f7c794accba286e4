namespace QuantBuild.Generation.CSharp;

/// <summary>Writes what is known of the files of the variants, and how one of them is chosen and opened. It needs no ONNX Runtime.</summary>
internal static class VariantFiles
{
    /// <summary>From the nearest to the float model to the farthest: decides between variants of one measured loss.</summary>
    private static readonly string[] ByFidelity = ["None", "Float16", "WeightOnly8", "Dynamic", "Static", "WeightOnly4"];

    /// <summary>Decides between variants of one estimated cost; all others are equal.</summary>
    private static readonly string[] BySpeed = ["Static", "Dynamic"];

    public static void Write(SourceWriter writer, LoaderModel model)
    {
        foreach (LoaderVariant variant in model.Variants)
        {
            writer.Write("");
            writer.Write($"/// <summary>{MetadataConstants.ClassSummary}</summary>");
            MetadataClass.Write(writer, [MetadataConstants.Location(model, variant.StoredAs)], variant.Name);
        }
        WriteOpenModel(writer, model);
        WriteResolve(writer, VariantEnum.NameOf(model));
        WriteFileOf(writer, model);
        WriteVariantFile(writer, VariantEnum.NameOf(model), model);
    }

    private static void WriteOpenModel(SourceWriter writer, LoaderModel model)
    {
        string variants = VariantEnum.NameOf(model);
        string summary = LoaderText.OpenModel(model.Settings);
        writer.WriteMember($$"""
            /// <summary>{{summary}} It is the fastest form.</summary>
            public static {{RuntimeTypes.Stream}} OpenModel()
            {
                return OpenModel({{variants}}.{{VariantEnum.Fastest}});
            }
            """);
        writer.WriteMember($$"""
            /// <summary>{{summary}}</summary>
            /// <param name="variant">Of which form.</param>
            public static {{RuntimeTypes.Stream}} OpenModel({{variants}} variant)
            {
                return OpenModel(FileOf(variant));
            }
            """);
        if (!model.Settings.Embed)
        {
            WriteOpenFile(writer);
            return;
        }
        writer.WriteMember($$"""
            private static {{RuntimeTypes.Stream}} OpenModel(VariantFile file)
            {
                {{RuntimeTypes.Stream}} stream = typeof({{CSharpIdentifiers.Escape(model.ClassName)}}).Assembly.GetManifestResourceStream(file.StoredAs);
                if (stream == null)
                {
                    throw new {{RuntimeTypes.InvalidOperationException}}(
                        "The assembly has no resource '" + file.StoredAs + "', which is the quantized model. Build the project again.");
                }
                return {{RuntimeTypes.Unpacked("stream", model.Settings.IsPacked)}};
            }
            """);
    }

    private static void WriteOpenFile(SourceWriter writer)
    {
        writer.WriteMember($$"""
            private static {{RuntimeTypes.Stream}} OpenModel(VariantFile file)
            {
                return global::System.IO.File.OpenRead(ModelPath(file));
            }
            """);
        writer.WriteMember($$"""
            private static string ModelPath(VariantFile file)
            {
                string path = global::System.IO.Path.Combine(global::System.AppContext.BaseDirectory, file.StoredAs);
                if (!global::System.IO.File.Exists(path))
                {
                    throw new {{RuntimeTypes.InvalidOperationException}}(
                        "The file '" + file.StoredAs
                        + "', which is the quantized model, is not beside the program. Build the project again, and deploy all files of its output.");
                }
                return path;
            }
            """);
    }

    private static void WriteResolve(SourceWriter writer, string variants) => writer.WriteMember($$"""
        /// <summary>The form that a wish comes to; the build has decided it. A form comes to itself.</summary>
        /// <param name="variant">A wish or a form.</param>
        public static {{variants}} Resolve({{variants}} variant)
        {
            return FileOf(variant).Variant;
        }
        """);

    /// <remarks>The order of each list is decided by constants, which the compiler has put in: no two programs of one build choose differently.</remarks>
    private static void WriteFileOf(SourceWriter writer, LoaderModel model)
    {
        string variants = VariantEnum.NameOf(model);
        writer.WriteMember($$"""
            private static VariantFile FileOf({{variants}} variant)
            {
                VariantFile found = null;
                foreach (VariantFile file in VariantFile.All)
                {
                    bool isBetter = found == null
                        || (variant == {{variants}}.{{VariantEnum.Fastest}} && file.ComparePace(found) < 0)
                        || (variant == {{variants}}.{{VariantEnum.Smallest}} && file.SizeBytes < found.SizeBytes)
                        || (variant == {{variants}}.{{VariantEnum.MostAccurate}} && file.CompareLoss(found) < 0);
                    if (file.Variant == variant)
                    {
                        return file;
                    }
                    found = isBetter ? file : found;
                }
                if (variant > {{variants}}.{{VariantEnum.MostAccurate}} || variant < {{variants}}.{{VariantEnum.Fastest}})
                {
                    throw new global::System.ArgumentOutOfRangeException("variant");
                }
                return found;
            }
            """);
    }

    private static void WriteVariantFile(SourceWriter writer, string variants, LoaderModel model)
    {
        writer.Write("");
        using (writer.Block("private sealed class VariantFile"))
        {
            using (writer.Indented("public static readonly VariantFile[] All =\n{", "};"))
            {
                foreach (LoaderVariant variant in model.Variants)
                    WriteEntry(writer, variants, model, variant.Name);
            }
            writer.Write($$"""

                public {{variants}} Variant;
                public string StoredAs;
                public string ModelSha256;
                public string WeightsFileName;
                public string WeightsSha256;
                public long SizeBytes;
                public double Cost;
                public double Loss;
                public int Pace;
                public int Distance;

                public int ComparePace(VariantFile other)
                {
                    return Cost != other.Cost ? Cost.CompareTo(other.Cost) : Pace.CompareTo(other.Pace);
                }

                public int CompareLoss(VariantFile other)
                {
                    return Loss != other.Loss ? Loss.CompareTo(other.Loss) : Distance.CompareTo(other.Distance);
                }
                """);
        }
    }

    private static void WriteEntry(SourceWriter writer, string variants, LoaderModel model, string name)
    {
        string measured = "Metadata." + name;
        // The float model is what losses are measured against; without data it is the only one whose loss is known.
        string loss = name == "None" ? "0.0" : $"{measured}.AccuracyMetric.Length == 0 ? double.MaxValue : {measured}.AccuracyDrop";
        int pace = Array.IndexOf(BySpeed, name);
        writer.Write($$"""
            new VariantFile
            {
                Variant = {{variants}}.{{name}},
                StoredAs = {{measured}}.{{MetadataConstants.Location(model, "").Name}},
                ModelSha256 = {{measured}}.ModelSha256,
                WeightsFileName = {{measured}}.WeightsFileName,
                WeightsSha256 = {{measured}}.WeightsSha256,
                SizeBytes = {{measured}}.ModelSizeBytes + {{measured}}.WeightsSizeBytes,
                Cost = {{measured}}.EstimatedCost,
                Loss = {{loss}},
                Pace = {{CSharpLiteral.Of(pace < 0 ? BySpeed.Length : pace)}},
                Distance = {{CSharpLiteral.Of(Array.IndexOf(ByFidelity, name))}},
            },
            """);
    }
}
