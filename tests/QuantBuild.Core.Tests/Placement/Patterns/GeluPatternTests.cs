namespace QuantBuild.Core.Tests.Placement.Patterns;

[TestClass]
public sealed class GeluPatternTests
{
    [TestMethod]
    [DataRow("Div:v root:a, Erf:a:e, Add:e one:s, Mul:v s:p, Mul:p half:z", "a e s p z", DisplayName = "half at the end")]
    [DataRow("Div:v root:a, Erf:a:e, Add:one e:s, Mul:v half:h, Mul:h s:z", "a e s h z", DisplayName = "half of x")]
    [DataRow("Div:v root:a, Erf:a:e, Add:e one:s, Mul:s half:h, Mul:h v:z", "a e s h z", DisplayName = "half of the curve")]
    [DataRow("Mul:v slope:a, Erf:a:e, Mul:half e:s, Add:s half:h, Mul:h v:z", "a e s h z", DisplayName = "half before the one")]
    [DataRow("Pow:v three:c, Mul:cubic c:k, Add:v k:a, Mul:slope a:t, Tanh:t:e, Add:e one:s, Mul:v s:p, Mul:half p:z", "c k a t e s p z",
        DisplayName = "tanh and a power")]
    [DataRow("Mul:v v:q, Mul:q v:c, Mul:c cubic:k, Add:k v:a, Mul:a slope:t, Tanh:t:e, Add:one e:s, Mul:v half:h, Mul:h s:z",
        "q c k a t e s h z",
        DisplayName = "tanh and products")]
    public void Gelu_EveryForm_BiasBeforeItIsNotPart(string nodes, string found) =>
        PatternTesting.Nodes($"MatMul:x w:m, Add:m offset:v, {nodes}, MatMul:z w:y").AssertFinds("a GELU", found);

    [TestMethod]
    [DataRow("Tanh:x:e, Add:e one:s, Mul:v s:y", DisplayName = "gate of another value")]
    [DataRow("Tanh:v:e, Mul:v e:y", DisplayName = "no one is added")]
    [DataRow("Erf:v:e, Add:e one:y", DisplayName = "no product")]
    public void OtherGates_AreNone(string nodes) => PatternTesting.Nodes($"MatMul:x w:v, {nodes}").AssertFinds("", "");
}
