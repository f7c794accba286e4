namespace QuantBuild.Generation.CSharp;

/// <summary>Writes <c>ReadModel</c>, which takes an embedded model into memory.</summary>
internal static class ReadModelMembers
{
    /// <param name="file">The parameter of type <c>VariantFile</c> that says which model is read; empty for a class with one.</param>
    public static void Write(SourceWriter writer, LoaderModel model, string file = "")
    {
        string parameter = file.Length == 0 ? "" : "VariantFile " + file;
        string size = file.Length == 0 ? "Metadata.ModelSizeBytes" : file + ".SizeBytes";
        string hash = (file.Length == 0 ? "Metadata" : file) + ".ModelSha256";
        WriteRead(writer, parameter, file, model.Settings.IsPacked ? size : "stream.Length", model.Settings.IsPacked ? $"\n        VerifyModel(stream, model, {hash});" : "");
        if (model.Settings.IsPacked)
            WriteVerify(writer);
    }

    /// <summary>One array of exactly the model's size: a growing stream would hold the model twice.</summary>
    private static void WriteRead(SourceWriter writer, string parameter, string argument, string size, string verify) => writer.WriteMember($$"""
        private static byte[] ReadModel({{parameter}})
        {
            using ({{RuntimeTypes.Stream}} stream = OpenModel({{argument}}))
            {
                byte[] model = new byte[{{size}}];
                int count = 0;
                while (count < model.Length)
                {
                    int read = stream.Read(model, count, model.Length - count);
                    if (read == 0)
                    {
                        throw new {{RuntimeTypes.InvalidOperationException}}({{CSharpLiteral.Of(LoaderText.Incomplete)}});
                    }
                    count += read;
                }{{verify}}
                return model;
            }
        }
        """);

    /// <summary>Brotli has no checksum of its own.</summary>
    private static void WriteVerify(SourceWriter writer) => writer.WriteMember($$"""
        private static void VerifyModel({{RuntimeTypes.Stream}} stream, byte[] model, string expected)
        {
            using (global::System.Security.Cryptography.SHA256 sha = global::System.Security.Cryptography.SHA256.Create())
            {
                string actual = global::System.BitConverter.ToString(sha.ComputeHash(model)).Replace("-", "").ToLowerInvariant();
                if (stream.ReadByte() >= 0 || !string.Equals(actual, expected, global::System.StringComparison.Ordinal))
                {
                    throw new {{RuntimeTypes.InvalidDataException}}({{CSharpLiteral.Of(LoaderText.OtherContent)}});
                }
            }
        }
        """);
}
