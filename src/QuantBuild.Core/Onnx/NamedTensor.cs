namespace QuantBuild.Onnx;

/// <summary>A constant and the name of the value that it is.</summary>
internal sealed record NamedTensor(string Name, OnnxTensor Tensor);
