namespace QuantBuild.Onnx;

/// <summary>A place that reads a value.</summary>
/// <param name="Graph">The graph that the node is in.</param>
/// <param name="Input">Position among the node's inputs.</param>
internal readonly record struct ValueReader(OnnxGraph Graph, OnnxNode Node, int Input);
