using QuantBuild.Caching;

namespace QuantBuild;

/// <summary>The files that a quantized model was written to.</summary>
/// <param name="Weights">Null when the model holds all of its weights.</param>
internal sealed record WrittenModel(WrittenFile Model, WrittenFile? Weights)
{
    /// <summary>Of the model, or of model and weights.</summary>
    public string Hash => Weights is null ? Model.Sha256 : ContentHash.OfText(Model.Sha256 + Weights.Sha256);
}

/// <param name="Name">Without a folder.</param>
internal sealed record WrittenFile(string Name, string Sha256, long SizeBytes)
{
    public static WrittenFile Of(string path) => new(Path.GetFileName(path), ContentHash.OfFile(path), new FileInfo(path).Length);
}
