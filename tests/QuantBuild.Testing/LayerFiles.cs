using QuantBuild.Execution;
using QuantBuild.Numerics;
using QuantBuild.Onnx;
using QuantBuild.Placement.Layers;
using QuantBuild.Settings;

namespace QuantBuild.Testing;

/// <summary>Measures files in which one layer alone has a form, whole, on the calibration samples.</summary>
/// <param name="mostSamples">At most; null: all.</param>
internal sealed class LayerFiles(CalibratedModel model, IInferenceEngine engine, int? mostSamples = null)
{
    private readonly OneLayerFile file = new(model.Prepared, model.Precision);

    private readonly string[] outputs =
        [.. model.Prepared.Signature.Outputs.Where(output => output.ElementType == OnnxElementType.Float).Select(output => output.Name)];

    /// <summary>Power of the difference of all float outputs over their power.</summary>
    public double NoiseOf(WeightedLayer layer, LayerForm form) => NoiseOf(file.Of(layer, form));

    public double NoiseOf(ModelImage image)
    {
        SquaredSums sums = default;
        using IInferenceSession real = engine.Open(model.Prepared.ToImage());
        using IInferenceSession other = engine.Open(image);
        int count = 0;
        foreach (SampleBatch batch in model.Samples.Calibration.Read())
        {
            if (count > 0 && count + batch.Count > mostSamples)
                break;
            count += batch.Count;
            var expected = new float[outputs.Length][];
            real.Run(batch.Inputs, outputs, (i, output) => expected[i] = output.Floats.ToArray());
            other.Run(batch.Inputs, outputs, (i, output) => sums += SquaredErrorKernel.Sum(expected[i], output.Floats));
        }
        return sums.Error / sums.Signal;
    }
}
