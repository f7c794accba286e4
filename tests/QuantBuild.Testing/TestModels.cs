namespace QuantBuild.Testing;

/// <summary>Real models, small enough for the repository.</summary>
internal static class TestModels
{
    /// <summary>A LeNet for images of digits as PyTorch exported it: input <c>image</c> [N,1,28,28], output <c>logits</c> [N,10], opset
    /// 17.</summary>
    public static byte[] Digits()
    {
        using Stream stream = typeof(TestModels).Assembly.GetManifestResourceStream("digits.onnx")!;
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
