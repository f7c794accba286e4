using Microsoft.ML.OnnxRuntime;
using QuantBuild.Testing;

namespace QuantBuild.Benchmarks.Models.Data;

/// <summary>Input of Silero's models: a frame of speech with some of the one before, the sampling rate, and the states that the frame before left
/// behind.</summary>
internal static class VoiceActivityData
{
    private const int FrameLength = 512;

    private const long SamplingRate = 16000;

    private const float FullScale = 32768;

    private const string FrameInput = "input";

    private const string RateInput = "sr";

    /// <param name="contextLength">So many values of the frame before stand in front of each frame; newer models hear nothing without.</param>
    /// <param name="stateShape">Of every state.</param>
    public static ModelData Write(string model, string floatPath, int contextLength, params long[] stateShape)
    {
        using var floatModel = new FloatModel(floatPath);
        List<Step>[] ofRecordings = [.. Speech.Read().Select(recording => Steps(floatModel, recording, contextLength + FrameLength, stateShape))];
        return ModelData.Write(
            model,
            $"{Speech.Origin}; states of the float model",
            Arrays(floatModel, Speech.Part(ofRecordings, isCalibration: true), contextLength + FrameLength, stateShape),
            Arrays(floatModel, Speech.Part(ofRecordings, isCalibration: false), contextLength + FrameLength, stateShape));
    }

    private static string[] StatesOf(FloatModel model) => [.. model.InputNames.Where(name => name is not (FrameInput or RateInput))];

    private static List<Step> Steps(FloatModel model, float[] recording, int length, long[] stateShape)
    {
        string[] names = StatesOf(model);
        long stateLength = stateShape.Aggregate(1L, (product, dimension) => product * dimension);
        float[][] states = [.. names.Select(_ => new float[stateLength])];
        var steps = new List<Step>();
        foreach (float[] frame in Speech.Pieces([.. recording.Select(value => value / FullScale)], length, FrameLength))
        {
            steps.Add(new Step(frame, states));
            var inputs = new Dictionary<string, OrtValue>
            {
                [FrameInput] = OrtValue.CreateTensorValueFromMemory(frame, [1, length]),
                [RateInput] = OrtValue.CreateTensorValueFromMemory(new[] { SamplingRate }, []),
            };
            for (int i = 0; i < names.Length; i++)
                inputs[names[i]] = OrtValue.CreateTensorValueFromMemory(states[i], stateShape);

            // The probability first, then the states in the order of the inputs.
            states = [.. model.Run(inputs).Skip(1)];
            foreach (OrtValue input in inputs.Values)
                input.Dispose();
        }
        return steps;
    }

    private static NamedArray[] Arrays(FloatModel model, List<Step> steps, int length, long[] stateShape) =>
    [
        ModelData.Stack(FrameInput, [1, length], [.. steps.Select(step => step.Frame)]),
        NamedArray.Of(RateInput, [steps.Count], Enumerable.Repeat(SamplingRate, steps.Count).ToArray().AsSpan()),
        .. StatesOf(model).Select((name, i) => ModelData.Stack(name, stateShape, [.. steps.Select(step => step.States[i])])),
    ];

    private sealed record Step(float[] Frame, float[][] States);
}
