using Microsoft.ML.OnnxRuntime;
using QuantBuild.Onnx;

namespace QuantBuild.OnnxRuntime.Tests.Generation;

/// <summary>Elements of every type go into the model and come out of it.</summary>
[TestClass]
public sealed class GeneratedTypesTests
{
    public static IEnumerable<object[]> Elements =>
    [
        [nameof(OnnxElementType.Float), "float", new[] { 1.5f, -0f, float.NaN }],
        [nameof(OnnxElementType.Double), "double", new[] { 1.5, -0.0, double.MaxValue }],
        [nameof(OnnxElementType.Int8), "sbyte", new sbyte[] { -128, 0, 127 }],
        [nameof(OnnxElementType.UInt8), "byte", new byte[] { 0, 1, 255 }],
        [nameof(OnnxElementType.Int16), "short", new short[] { short.MinValue, 0, short.MaxValue }],
        [nameof(OnnxElementType.UInt16), "ushort", new ushort[] { 0, 1, ushort.MaxValue }],
        [nameof(OnnxElementType.Int32), "int", new[] { int.MinValue, 0, int.MaxValue }],
        [nameof(OnnxElementType.UInt32), "uint", new[] { 0u, 1u, uint.MaxValue }],
        [nameof(OnnxElementType.Int64), "long", new[] { long.MinValue, 0, long.MaxValue }],
        [nameof(OnnxElementType.UInt64), "ulong", new[] { 0ul, 1ul, ulong.MaxValue }],
        [nameof(OnnxElementType.Bool), "bool", new[] { true, false, true }],
        [nameof(OnnxElementType.Float16), "Half", new[] { (Half)1f, (Half)(-0f), Half.MaxValue }],
        [nameof(OnnxElementType.BFloat16), "BFloat16", new[] { new BFloat16(0x3F80), new BFloat16(0x8000), new BFloat16(0x7F7F) }],
        [nameof(OnnxElementType.String), "string", new[] { "", "Größe \U0001F600", "a\0b" }],
    ];

    [TestMethod]
    [DynamicData(nameof(Elements))]
    public void Run_EveryElementType_GoesThroughUnchanged(string type, string element, Array values)
    {
        TensorSignature value = new("x", Enum.Parse<OnnxElementType>(type), [new(null, "N")]);
        using GeneratedProgram program = new(IdentityModel.SignatureOf(value), IdentityModel.Of(value), $$"""
            public static {{element}}[] Run({{element}}[] x)
            {
                using Model model = Model.Load();
                return model.Run(x).OutX.ToArray();
            }
            """);
        CollectionAssert.AreEqual(values, program.Call<Array>("Run", values));
    }

    [TestMethod]
    public void Run_NullInsteadOfAString_IsRefused()
    {
        TensorSignature value = new("x", OnnxElementType.String, [new(null, "N")]);
        using GeneratedProgram program = new(IdentityModel.SignatureOf(value), IdentityModel.Of(value), """
            public static long Run(string[] x)
            {
                using Model model = Model.Load();
                return model.Run(x).OutX.Length;
            }
            """);
        ArgumentException error = Assert.ThrowsExactly<ArgumentException>(() => program.Call<long>("Run", (object)new[] { "a", null }));
        StringAssert.StartsWith(error.Message, "The input 'x' has the shape [N], and one of its elements is null.", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Run_Sequence_IsAValueOfTheRuntime()
    {
        TensorSignature[] values = [new("s", OnnxElementType.Undefined, null), new("x", OnnxElementType.Float, [new(2, null)])];
        using GeneratedProgram program = new(IdentityModel.SignatureOf(values), IdentityModel.Of(values), """
            public static float[] Run(float[] x)
            {
                using OrtValue first = OrtValue.CreateTensorValueFromMemory(x, new long[] { x.Length });
                using OrtValue sequence = OrtValue.CreateSequence(new System.Collections.Generic.List<OrtValue> { first });
                using Model model = Model.Load();
                model.Run(sequence, x).Dispose();
                using ModelOutput output = model.Run(sequence, x);
                using OrtValue element = output.OutS.GetValue(0, OrtAllocator.DefaultInstance);
                return element.GetTensorDataAsSpan<float>().ToArray().Concat(output.OutX.ToArray()).ToArray();
            }

            public static bool RunWithNull()
            {
                using Model model = Model.Load();
                return model.Run(null, new float[2]) != null;
            }
            """);
        CollectionAssert.AreEqual(new[] { 1f, 2f, 1f, 2f }, program.Call<float[]>("Run", new[] { 1f, 2f }));
        Assert.AreEqual("s", Assert.ThrowsExactly<ArgumentNullException>(() => program.Call<bool>("RunWithNull")).ParamName);
    }
}
