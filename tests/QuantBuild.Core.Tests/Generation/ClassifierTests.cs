using QuantBuild.Diagnostics;
using QuantBuild.Generation;
using QuantBuild.Onnx;

namespace QuantBuild.Core.Tests.Generation;

[TestClass]
public sealed class ClassifierTests
{
    private static readonly DiagnosticOrigin origin = new("Models/fashion.onnx", "Labels");

    private static readonly string[] threeNames = ["shirt", "shoe", "bag"];

    [TestMethod]
    public void Of_SeveralOutputs_TakesTheFirstOfFloatsWithOneScorePerName()
    {
        TensorSignature[] outputs =
        [
            Signatures.Tensor("embedding", "batch", 4),
            Signatures.Tensor(OnnxElementType.Int64, "index", "batch", 3),
            Signatures.Tensor("map", "batch", 3, 3),
            new TensorSignature("any", OnnxElementType.Float, null),
            Signatures.Tensor("open", "batch", null),
            Signatures.Tensor("logits", "batch", 3),
            Signatures.Tensor("probabilities", 1, 3),
        ];

        Assert.AreEqual(5, Classifier.Of(new ModelSignature([], outputs), threeNames, origin)!.Output);
    }

    [TestMethod]
    public void Of_OneSampleWithoutBatch_IsAClassifier() =>
        Assert.AreEqual(0, Classifier.Of(new ModelSignature([], [Signatures.Tensor("y", 3)]), threeNames, origin)!.Output);

    [TestMethod]
    public void Of_NoOutputFits_NamesCountAndShapes()
    {
        Assert.IsNull(Classifier.Of(Signatures.ImageClassifier, threeNames, origin));

        Diagnostic problem = Classifier.WhyNone(Signatures.ImageClassifier, threeNames, "Models/fashion.onnx", origin);
        Assert.AreEqual(("QB8005", DiagnosticSeverity.Warning, "Labels"), (problem.Code, problem.Severity, problem.Origin?.Setting));
        StringAssert.Contains(problem.Message, "The class has no Top(k): Labels names 3 classes");
        StringAssert.Contains(problem.Message, "'logits' float32 [batch,10]");
    }

    [TestMethod]
    public void Of_NamesLongerThanAnAssemblyHolds_IsAnError()
    {
        string[] names = [new string('a', Classifier.MostCharacters), "b"];
        ModelSignature signature = new([], [Signatures.Tensor("y", "n", 2)]);

        QuantBuildException error = Assert.ThrowsExactly<QuantBuildException>(() => Classifier.Of(signature, names, origin));

        Assert.AreEqual("QB8006", error.Diagnostic.Code);
        StringAssert.Contains(error.Message, "4000001 characters");
    }
}
