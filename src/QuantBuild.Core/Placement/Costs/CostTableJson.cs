using System.Text.Json.Serialization;

namespace QuantBuild.Placement.Costs;

[JsonSerializable(typeof(Dictionary<string, KernelCostPair>))]
internal sealed partial class CostTableJson : JsonSerializerContext;
