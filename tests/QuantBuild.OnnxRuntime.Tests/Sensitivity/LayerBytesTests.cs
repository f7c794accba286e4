using QuantBuild.Diagnostics;
using QuantBuild.Onnx;
using QuantBuild.Placement.Layers;
using QuantBuild.Placement.LowBits;
using QuantBuild.Settings;
using QuantBuild.Testing;
using QuantBuild.Testing.Nets;

namespace QuantBuild.OnnxRuntime.Tests.Sensitivity;

/// <summary>What the catalogue says of bytes, beside files that are written.</summary>
[TestClass]
public sealed class LayerBytesTests
{
    /// <summary>Names of nodes and values have other lengths in every file.</summary>
    private const long NameBytes = 130;

    /// <summary>Nodes that unpack one part of the bits of small weights: these share them in a file, and here there is one weight only.</summary>
    private const long UnpackingBytes = 240;

    /// <summary>Dimensions and lengths take more bytes where they are larger.</summary>
    private const double PartOfWeight = 0.01;

    private const int SampleCount = 16;

    private static readonly OnnxRuntimeEngine Engine = new();

    [TestMethod]
    [DataRow("residual")]
    [DataRow("transformer-encoder")]
    [DataRow("lstm-classifier")]
    [DataRow("control-flow")]
    public void Bytes_EveryLayerInEveryForm_AreThoseOfItsFile(string name)
    {
        GeneratedNet net = GeneratedNets.Of(name);
        CalibratedModel model = CalibratedModel.Of(OnnxModelReader.Parse(net.Model, new DiagnosticOrigin(name)), net.Samples(SampleCount, 1), Engine);
        var file = new OneLayerFile(model.Prepared, model.Precision);
        long inFloat = file.Float.SizeBytes;
        var wrong = new List<string>();
        int checkedForms = 0;
        foreach (WeightedLayer layer in model.Catalogue.Layers)
        {
            long float32 = layer.Plan(LayerForm.Float32)!.Bytes;
            foreach (LayerFormPlan plan in layer.Forms.Where(plan => plan.Form != LayerForm.Float32))
            {
                long expected = file.Of(layer, plan.Form).SizeBytes - inFloat + float32;
                long allowed = (NameBytes * layer.Weights.Count * layer.Nodes.Count) + (long)(PartOfWeight * expected);
                long shared = plan.Targets.Any(target => target.Matrix.Length < LowBitSize.FewestCodesAlone) ? long.PopCount(plan.Form.Bits) * UnpackingBytes : 0;
                if (plan.Bytes - expected > allowed || expected - plan.Bytes > allowed + shared)
                    wrong.Add($"{layer.Name} {plan.Form}: {plan.Bytes} bytes, in the file {expected}");
                checkedForms++;
            }
        }

        Assert.AreEqual(0, wrong.Count, string.Join('\n', wrong));
        Assert.IsGreaterThan(model.Catalogue.Layers.Count, checkedForms);
    }
}
