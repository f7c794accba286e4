namespace QuantBuild.Benchmarks.Models.Data;

/// <summary>Input of openWakeWord's chain: sound to spectrogram to embedding to wake word, each made by the float models before it.</summary>
/// <param name="folder">Of the models.</param>
internal sealed class WakeWordData(string folder)
{
    private const int ChunkLength = 1280;

    private const int Bands = 32;

    /// <summary>Spectra that one embedding is made of.</summary>
    private const int EmbeddedSpectra = 76;

    private const int SpectraStep = 8;

    private const int EmbeddingLength = 96;

    /// <summary>Embeddings that one decision is made of.</summary>
    private const int DecisionLength = 16;

    private const string OwnFeatures = Speech.Origin + "; features of the float models";

    public ModelData WriteSound(string model) => Write(
        model, Speech.Origin, "input", [1, ChunkLength], recording => Speech.Pieces(recording, ChunkLength, ChunkLength));

    public ModelData WriteSpectra(string model)
    {
        using FloatModel spectrogram = Open("melspectrogram.onnx");
        return Write(model, OwnFeatures, "input_1", [EmbeddedSpectra, Bands, 1], recording => Spectra(spectrogram, recording));
    }

    public ModelData WriteEmbeddings(string model)
    {
        using FloatModel spectrogram = Open("melspectrogram.onnx");
        using FloatModel embedding = Open("embedding_model.onnx");
        return Write(model, OwnFeatures, "x.1", [DecisionLength, EmbeddingLength], recording => Speech.Pieces(
            [.. Spectra(spectrogram, recording).SelectMany(spectra => embedding.Run(spectra, 1, EmbeddedSpectra, Bands, 1))],
            DecisionLength * EmbeddingLength,
            EmbeddingLength));
    }

    /// <summary>Scaled as openWakeWord does it between its models.</summary>
    private static List<float[]> Spectra(FloatModel spectrogram, float[] recording) => Speech.Pieces(
        [.. spectrogram.Run(recording, 1, recording.Length).Select(value => (value / 10) + 2)], EmbeddedSpectra * Bands, SpectraStep * Bands);

    private static ModelData Write(string model, string origin, string input, long[] shape, Func<float[], List<float[]>> piecesOf)
    {
        List<float[]>[] ofRecordings = [.. Speech.Read().Select(piecesOf)];
        return ModelData.Write(
            model,
            origin,
            [ModelData.Stack(input, shape, Speech.Part(ofRecordings, isCalibration: true))],
            [ModelData.Stack(input, shape, Speech.Part(ofRecordings, isCalibration: false))]);
    }

    private FloatModel Open(string name) => new(Path.Combine(folder, name));
}
