using QuantBuild.Onnx;

namespace QuantBuild.Placement;

/// <summary>A constant of a model, bodies included: the graph that stores it and its name there.</summary>
/// <param name="Graph">Of the prepared model.</param>
internal readonly record struct ConstantKey(OnnxGraph Graph, string Name);
