using System.Globalization;
using QuantBuild.Imaging;
using QuantBuild.Onnx;

namespace QuantBuild.Generation.CSharp;

/// <summary>
/// Writes the <c>Run</c> that takes the pixels of one picture, and what it needs. The code that makes the input is the code that made it during
/// calibration: its source is a resource of this assembly.
/// </summary>
internal static class PixelMembers
{
    private static readonly string[] sources = [nameof(PixelPipeline), nameof(PixelAxis), nameof(PixelRows)];

    /// <summary>Writes nothing for a model that takes no pictures, or always several at once.</summary>
    public static void Write(SourceWriter writer, LoaderModel model, OutputClass output)
    {
        if (PlanOf(model) is not { } plan)
            return;
        writer.WriteMember($"private static readonly PixelPipeline _pixels = {Construction(plan)};");
        WriteFormats(writer);
        WriteRun(writer, plan, output);
        foreach (string source in sources)
            writer.WriteMember(EmbeddedSource.PrivateClass(source));
    }

    /// <summary>Writes the same <c>Run</c> for a class that runs the model somewhere else.</summary>
    /// <inheritdoc cref="RunMethods.WriteForwarding"/>
    public static void WriteForwarding(SourceWriter writer, LoaderModel model, OutputClass output, Action<NameScope, string, string> write)
    {
        if (PlanOf(model) is not { } plan)
            return;
        WriteDocumentation(writer, plan);
        using (writer.Block(Header(output, CSharpIdentifiers.Escape(model.ClassName) + ".PixelFormat")))
        {
            string[] parameters = ["pixels", "width", "height", "stride", "format", "cancellationToken"];
            write(new NameScope(StringComparer.Ordinal, parameters), $"Run({string.Join(", ", parameters)})", output.Name);
        }
    }

    /// <returns>Null for a model that takes no pictures, or always several at once.</returns>
    private static PixelPlan? PlanOf(LoaderModel model) =>
        model.Pixels is { } plan && (plan.Rank != 4 || model.Signature.Inputs[0].Shape![0].Value is null or 1) ? plan : null;

    private static void WriteFormats(SourceWriter writer) => writer.WriteMember($$"""
        /// <summary>How the bytes of a picture are its pixels.</summary>
        public enum PixelFormat
        {
            /// <summary>Three bytes: red, green, blue.</summary>
            Rgb24 = {{PixelPipeline.Rgb24}},
            /// <summary>Three bytes: blue, green, red.</summary>
            Bgr24 = {{PixelPipeline.Bgr24}},
            /// <summary>Four bytes: red, green, blue, and one that is ignored.</summary>
            Rgba32 = {{PixelPipeline.Rgba32}},
            /// <summary>Four bytes: blue, green, red, and one that is ignored.</summary>
            Bgra32 = {{PixelPipeline.Bgra32}},
            /// <summary>One byte.</summary>
            Gray8 = {{PixelPipeline.Gray8}},
        }
        """);

    private static void WriteRun(SourceWriter writer, PixelPlan plan, OutputClass output)
    {
        string axes = plan.IsChannelsLast ? $"inputHeight, inputWidth, {Number(plan.Channels)}" : $"{Number(plan.Channels)}, inputHeight, inputWidth";
        string shape = plan.Rank == 4 ? "1, " + axes : axes;
        (string type, string element) = plan.IsBytes ? ("byte", nameof(OnnxElementType.UInt8)) : ("float", nameof(OnnxElementType.Float));
        WriteDocumentation(writer, plan);
        using (writer.Block(Header(output, "PixelFormat")))
        {
            writer.Write($"""
                cancellationToken.ThrowIfCancellationRequested();
                int inputWidth, inputHeight;
                _pixels.Measure(pixels.Length, width, height, stride, (int)format, out inputWidth, out inputHeight);
                {RuntimeTypes.Session} session = Enter();
                {RuntimeTypes.OrtValue}[] values = new {RuntimeTypes.OrtValue}[1];
                """);
            using (writer.Block("try"))
            {
                writer.Write($$"""
                    values[0] = {{RuntimeTypes.OrtValue}}.CreateAllocatedTensorValue(
                        {{RuntimeTypes.OrtAllocator}}.DefaultInstance, {{RuntimeTypes.TensorElementType}}.{{element}}, new long[] { {{shape}} });
                    _pixels.Fill(pixels, width, height, stride, (int)format, values[0].GetTensorMutableDataAsSpan<{{type}}>());
                    """);
                RunMethods.WriteCall(writer, output, ("session", "values", "cancellationToken", "results"));
            }
            using (writer.Block("finally"))
                writer.Write("values[0]?.Dispose();\nLeave();");
        }
    }

    private static void WriteDocumentation(SourceWriter writer, PixelPlan plan)
    {
        writer.WriteMember($"""
            /// <summary>Runs the model once with a picture. May be called from several threads at the same time.</summary>
            /// <remarks>The picture becomes the model's input as those became it that the model was quantized with: {Remark(plan)}.</remarks>
            /// <param name="pixels">The rows of the picture, from the top.</param>
            /// <param name="width">Pixels of a row.</param>
            /// <param name="height">Number of rows.</param>
            /// <param name="stride">Bytes from the start of a row to the start of the next.</param>
            /// <param name="format">Bytes of a pixel.</param>
            /// <param name="cancellationToken">Ends the run early.</param>
            /// <exception cref="{RuntimeTypes.ArgumentException}">The bytes are no such picture, or its size does not fit the model.</exception>
            /// <exception cref="{RuntimeTypes.OperationCanceledException}">The call was cancelled before it was done.</exception>
            """);
    }

    private static string Header(OutputClass output, string format) =>
        $"public {output.Name} Run({RuntimeTypes.ReadOnlySpan}<byte> pixels, int width, int height, int stride, {format} format, "
        + $"{RuntimeTypes.CancellationToken} cancellationToken = default({RuntimeTypes.CancellationToken}))";

    private static string Construction(PixelPlan plan) =>
        $"new PixelPipeline(\n    {Number(plan.Channels)}, {Word(plan.IsChannelsLast)}, {Word(plan.IsBgr)}, {Array(plan.Resize)}, {Array(plan.Crop)}, "
        + $"{Number(plan.FilterRadius)}, {Number(plan.Divisor)}, {Number(plan.Offset)},\n    {Array(plan.Mean)}, {Array(plan.Std)}, "
        + $"{Number(plan.Width)}, {Number(plan.Height)})";

    private static string Remark(PixelPlan plan)
    {
        List<string> steps = [plan.Channels == 1 ? "grey" : plan.IsBgr ? "blue, green, red" : "red, green, blue"];
        if (plan.Resize.Count > 0)
            steps.Add(plan.Resize is [int side] ? $"shorter side {side} pixels" : $"scaled to {plan.Resize[0]} x {plan.Resize[1]} pixels");
        if (plan.Crop.Count > 0)
            steps.Add($"the centre of {plan.Crop[0]} x {plan.Crop[1]} pixels");
        return string.Join(", ", steps);
    }

    private static string Array(IReadOnlyList<int> numbers) =>
        numbers.Count == 0 ? "new int[0]" : $"new int[] {{ {string.Join(", ", numbers.Select(number => Number(number)))} }}";

    private static string Array(IReadOnlyList<float> numbers) => $"new float[] {{ {string.Join(", ", numbers.Select(Number))} }}";

    private static string Word(bool value) => value ? "true" : "false";

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Number(float number) => number.ToString("R", CultureInfo.InvariantCulture) + "f";
}
