namespace QuantBuild.Placement.Costs;

/// <summary>How a product by packed codes is computed.</summary>
/// <param name="Block">Codes that share a scale.</param>
/// <param name="AccuracyLevel">1: activations are floats; 4: they are rounded to 8 bits, block by block.</param>
internal readonly record struct PackedProduct(int Bits, int Block, int AccuracyLevel);
