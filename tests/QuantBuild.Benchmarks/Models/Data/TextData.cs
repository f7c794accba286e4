using QuantBuild.Testing;

namespace QuantBuild.Benchmarks.Models.Data;

/// <summary>Input of the models that find and read text, normalized as PaddleOCR does it.</summary>
internal static class TextData
{
    private const string Input = "x";

    private const int LineHeight = 48;

    private const string Origin = "real: text rendered in Open Sans on photographs, other texts and photographs to validate";

    /// <summary>Of ImageNet: blue, green, red.</summary>
    private static readonly float[] SceneMean = [0.406f, 0.456f, 0.485f];

    private static readonly float[] SceneDeviation = [0.225f, 0.224f, 0.229f];

    private static readonly float[] LineMeanAndDeviation = [0.5f, 0.5f, 0.5f];

    /// <summary>Pages and photographs with text on them, square.</summary>
    public static ModelData WriteScenes(string model, int size, int count)
    {
        return ModelData.Write(model, Origin, [Samples(isCalibration: true)], [Samples(isCalibration: false)]);

        NamedArray Samples(bool isCalibration)
        {
            var text = new RenderedText(isCalibration, seed: size);
            return ModelData.Stack(Input, [3, size, size], [.. Enumerable.Range(0, count).Select(_ => Normalize(text.Scene(size)))]);
        }

        static float[] Normalize(Raster image) => ImageTensor.ChannelHeightWidth(image, SceneMean, SceneDeviation);
    }

    /// <summary>Lines, half of them upside down; that is their label.</summary>
    public static ModelData WriteTurnedLines(string model, int width, int count)
    {
        return ModelData.Write(model, Origin, Samples(isCalibration: true), Samples(isCalibration: false));

        NamedArray[] Samples(bool isCalibration)
        {
            var text = new RenderedText(isCalibration, seed: width);
            long[] labels = [.. Enumerable.Range(0, count).Select(i => i % 2L)];
            return
            [
                ModelData.Stack(Input, [3, LineHeight, width], [.. labels.Select(label => Sample(text, isTurned: label == 1))]),
                NamedArray.Of("labels", [count], labels.AsSpan()),
            ];
        }

        float[] Sample(RenderedText text, bool isTurned)
        {
            Raster line = text.Line(width, LineHeight, out _);
            return NormalizeLine(isTurned ? line.TurnedAround() : line);
        }
    }

    /// <param name="texts">What the validation samples say.</param>
    public static ModelData WriteLines(string model, int width, int count, out IReadOnlyList<string> texts)
    {
        var written = new List<string>();
        NamedArray calibration = Samples(isCalibration: true);
        written.Clear();
        NamedArray validation = Samples(isCalibration: false);
        texts = written;
        return ModelData.Write(model, Origin, [calibration], [validation]);

        NamedArray Samples(bool isCalibration)
        {
            var text = new RenderedText(isCalibration, seed: width);
            return ModelData.Stack(Input, [3, LineHeight, width], [.. Enumerable.Range(0, count).Select(_ =>
            {
                Raster line = text.Line(width, LineHeight, out string content);
                written.Add(content);
                return NormalizeLine(line);
            })]);
        }
    }

    private static float[] NormalizeLine(Raster line) => ImageTensor.ChannelHeightWidth(line, LineMeanAndDeviation, LineMeanAndDeviation);
}
