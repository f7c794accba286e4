using System.Text.RegularExpressions;
using QuantBuild.Onnx;
using QuantBuild.Testing;

namespace QuantBuild.OnnxRuntime.Tests.Rewriting;

/// <summary>
/// Activations, biases and normalizations in the forms that exporters write, from the file to the graph that the runtime executes.
/// </summary>
[TestClass]
public sealed class ExportedFormsTests
{
    [TestMethod]
    [DataRow("Relu:c:f", "Conv Conv", DisplayName = "Relu")]
    [DataRow("Max:c zero:f", "Conv Conv", DisplayName = "Relu, as Keras writes it")]
    [DataRow("Clip:c zero six:f", "Conv Conv", DisplayName = "Relu6, PyTorch")]
    [DataRow("Relu:c:r Min:r six:f", "Conv Conv", DisplayName = "Relu6, tf2onnx")]
    [DataRow("Add:c image:f", "Conv Conv", DisplayName = "bias [1,C,1,1], Paddle")]
    [DataRow("Add:image3 c:f", "Conv Conv", DisplayName = "bias [C,1,1] on the left, tf2onnx")]
    [DataRow("BatchNormalization:c s o m variance:r Relu:r:f", "Conv Conv", DisplayName = "normalization that folds")]
    [DataRow("Sigmoid:c:r BatchNormalization:r s o m variance:q Relu:q:f", "Conv Sigmoid Conv Conv", DisplayName = "normalization that cannot")]
    [DataRow("Sigmoid:c:r Mul:c r:f", "Conv Sigmoid Mul Conv", DisplayName = "SiLU, PyTorch")]
    [DataRow("Sigmoid:c:r Mul:r c:f", "Conv Sigmoid Mul Conv", DisplayName = "SiLU, Keras")]
    [DataRow("HardSwish:c:f", "Conv HardSigmoid Mul Conv", DisplayName = "HardSwish, PyTorch")]
    [DataRow("HardSigmoid:c:h Mul:c h:f", "Conv HardSigmoid Mul Conv", DisplayName = "HardSwish of HardSigmoid")]
    [DataRow("Add:c three:a Clip:a zero six:r Div:r six:d Mul:c d:f",
        "Conv HardSigmoid Mul Conv", DisplayName = "HardSwish, older PyTorch")]
    [DataRow("Add:c three:a Clip:a zero six:r Mul:c r:p Div:p six:f", "Conv HardSigmoid Mul Conv", DisplayName = "HardSwish, Paddle")]
    [DataRow("Add:c three:a Relu:a:b Min:b six:r Mul:r sixth:d Mul:d c:f", "Conv HardSigmoid Mul Conv", DisplayName = "HardSwish, tf2onnx")]
    [DataRow("Mul:c fifth:q Add:q half:a Clip:a zero one:h Mul:c h:f", "Conv HardSigmoid Mul Conv", DisplayName = "HardSigmoid, Keras")]
    [DataRow("Softplus:c:p Tanh:p:t Mul:c t:f", "Conv Conv", DisplayName = "Mish, PyTorch")]
    [DataRow("Exp:c:e Add:e one:g Log:g:p Tanh:p:t Mul:c t:f", "Conv Conv", DisplayName = "Mish, tf2onnx")]
    [DataRow("Div:c root:q Erf:q:e Add:e one:a Mul:c a:p Mul:p half:f", "Conv Conv", DisplayName = "GELU, PyTorch")]
    [DataRow("Pow:c three:k Mul:k cubic:l Add:c l:a Mul:a slope:t Tanh:t:e Add:e one:g Mul:c g:p Mul:p half:f",
        "Conv Conv", DisplayName = "GELU by tanh")]
    [DataRow("LeakyRelu:c:f", "Conv LeakyRelu Conv", DisplayName = "LeakyRelu")]
    public void BetweenConvolutions(string nodes, string planned) => Constants(nodes, new ModelBuilder().Weights("u", 5, 8, 1, 1)
        .Weights("w", 8, 4, 3, 3).Input("x", "n,4,8,8").Node("Conv", "x w", "c", ("pads", new[] { 1, 1, 1, 1 })))
        .Node("Conv", "f u", "y").Output("y").Trial().AssertFuses(planned.Split(' '));

    [TestMethod]
    [DataRow("Add:v s:f", "", DisplayName = "bias")]
    [DataRow("Add:s v:a Relu:a:f", "", DisplayName = "bias on the left, Relu")]
    [DataRow("Mul:v rroot:a Erf:a:e Mul:e half:h Add:h half:g Mul:v g:f", "Erf GELU", DisplayName = "GELU, Paddle")]
    [DataRow("Mul:v rroot:a Erf:a:e Add:e one:g Mul:half g:h Mul:v h:f", "Erf GELU", DisplayName = "GELU, tf2onnx")]
    [DataRow("Mul:v half:i Pow:v three:k Mul:k cubic:l Add:v l:a Mul:a slope:t Tanh:t:e Add:e one:g Mul:i g:f",
        "Tanh GELU", DisplayName = "GELU, new")]
    [DataRow("Mul:v half:i Mul:v slope:j Mul:v cubic:k Mul:k v:l Add:l one:a Mul:j a:t Tanh:t:e Add:e one:g Mul:i g:f",
        "Tanh GELU", DisplayName = "GELU, fast")]
    [DataRow("ReduceMean:v:a Sub:v a:d Pow:d two:p ReduceMean:p:q Add:q eps:e Sqrt:e:r Div:d r:z Mul:z s:g Add:g o:f",
        "Sqrt layer", DisplayName = "LayerNorm, PyTorch")]
    [DataRow("ReduceMean:v:a Sub:v a:d Sub:v a:b Pow:d two:p ReduceMean:p:q Add:q eps:e Sqrt:e:r Div:b r:z Mul:z s:g Add:g o:f",
        "Sqrt layer",
        DisplayName = "LayerNorm, older PyTorch")]
    [DataRow(
        "ReduceMean:v:a Sub:v a:d Mul:d d:p ReduceMean:p:q Add:q eps:e Sqrt:e:r Reciprocal:r:i Mul:i s:g Mul:v g:z Mul:a g:h Sub:o h:j Add:z j:f", "Sqrt layer",
        DisplayName = "LayerNorm, Keras")]
    [DataRow("Pow:v two:p ReduceMean:p:q Add:q eps:e Sqrt:e:r Div:one r:i Mul:v i:z Mul:s z:f", "Sqrt RMS", DisplayName = "RMSNorm")]
    public void BetweenMatrices(string nodes, string part)
    {
        QuantizationTrial trial = Constants(nodes, new ModelBuilder().Input("x", "n,4,8").Weights("w", 8, 8).Weights("u", 8, 5)
            .Node("MatMul", "x w", "v"))
            .Node("MatMul", "f u", "y").Output("y").Trial().AssertFuses("MatMul", "MatMul");

        if (part.Split(' ') is [string opType, string pattern])
            StringAssert.Contains(trial.Plan.FloatNodes.Single(node => node.OpType == opType).Reason, pattern);
    }

    private static ModelBuilder Constants(string nodes, ModelBuilder model)
    {
        model.Floats("image", [1, 8, 1, 1], 1, -2, 3, -4, 5, -6, 7, 8).Floats("image3", [8, 1, 1], 1, -2, 3, -4, 5, -6, 7, 8)
            .Weights("s", 8).Weights("o", 8).Weights("m", 8).PositiveWeights("variance", 8);
        foreach ((string name, float value) in new[]
        {
            ("zero", 0f), ("one", 1), ("half", 0.5f), ("two", 2), ("three", 3), ("six", 6), ("sixth", 1 / 6f), ("fifth", 0.2f),
                ("root", 1.4142135f),
            ("rroot", 0.70710677f), ("cubic", 0.044715f), ("slope", 0.7978846f), ("eps", 1e-5f),
        })
            model.Initializer(name, OnnxTensor.Scalar(value));
        foreach (Match node in Regex.Matches(nodes, @"(\w+):([\w ]+):(\w+)"))
            model.Node(node.Groups[1].Value, node.Groups[2].Value, node.Groups[3].Value,
                node.Groups[1].Value == "ReduceMean" ? [("axes", new[] { -1 })] : []);
        return model;
    }
}
