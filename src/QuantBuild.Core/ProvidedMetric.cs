using System.Runtime.InteropServices;
using QuantBuild.Diagnostics;
using QuantBuild.Evaluation.Metrics;
using QuantBuild.Onnx;
using QuantBuild.Providers;
using QuantBuild.Settings;

namespace QuantBuild;

/// <summary>The metric that a class of the user brings along.</summary>
internal sealed class ProvidedMetric : ICustomMetric
{
    private readonly SampleProvider provider;
    private readonly ProviderSampleSource source;
    private readonly Func<IReadOnlyDictionary<string, Array>, IReadOnlyDictionary<string, Array>, double> score;

    private ProvidedMetric(SampleProvider provider, ProviderSampleSource source)
    {
        this.provider = provider;
        this.source = source;
        score = provider.Score ?? throw provider.WithoutScore();
        IsLowerBetter = !provider.HigherIsBetter;
    }

    public string Name => $"{provider.ClassName}.{SampleProvider.ScoreName}";

    public bool IsLowerBetter { get; }

    /// <param name="model">With samples of the class.</param>
    /// <exception cref="QuantBuildException">QB4033: the class has no such method; QB1004: a limit of the other direction.</exception>
    public static ProvidedMetric Of(SampleProvider provider, CheckedModel model)
    {
        var metric = new ProvidedMetric(provider, (ProviderSampleSource)(model.Validation ?? model.Calibration)!.Source);
        MetricLimits.CheckCustom(model.Settings, metric.IsLowerBetter, model.Origin);
        return metric;
    }

    /// <exception cref="QuantBuildException">QB4034: the user's code failed or gave no finite number.</exception>
    public double Score(IReadOnlyList<SampleOutput> outputs, MetricSample sample)
    {
        double value = score(
            sample.Arrays.ToDictionary(
                array => array.Key,
                array => ProviderArray.ToArray(array.Value.ElementType, array.Value.Shape, source.RankOf(array.Key), array.Value.Bytes.Span),
                StringComparer.Ordinal),
            outputs.ToDictionary(output => output.Name, ArrayOf, StringComparer.Ordinal));
        return double.IsFinite(value) ? value : throw provider.WrongScore(sample.Index, value);
    }

    /// <summary>In the type of the output and with the axes that one sample has.</summary>
    private static Array ArrayOf(SampleOutput output)
    {
        long[] shape = [.. output.Shape.Skip(output.Shape.Count > 1 && output.Shape[0] == 1 ? 1 : 0)];
        return ProviderArray.ToArray(output.ElementType, shape, Math.Max(1, shape.Length), output.ElementType switch
        {
            OnnxElementType.Int64 => MemoryMarshal.AsBytes<long>(Converted(output, value => (long)value)),
            OnnxElementType.Int32 => MemoryMarshal.AsBytes<int>(Converted(output, value => (int)value)),
            _ => MemoryMarshal.AsBytes(output.Span),
        });
    }

    private static T[] Converted<T>(SampleOutput output, Func<float, T> convert)
    {
        var values = new T[output.Values.Length];
        for (int i = 0; i < values.Length; i++)
            values[i] = convert(output.Span[i]);
        return values;
    }
}
