namespace QuantBuild.Placement.Costs;

/// <summary>Nanoseconds of one planned node with what it absorbed, in both forms, conversions left out.</summary>
internal readonly record struct NodeCost(double Float, double Integer);
