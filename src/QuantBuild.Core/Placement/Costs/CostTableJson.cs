using System.Text.Json.Serialization;
using QuantBuild.Settings;

namespace QuantBuild.Placement.Costs;

[JsonSerializable(typeof(Dictionary<string, KernelCostPair>))]
[JsonSerializable(typeof(Dictionary<string, KernelFactors>))]
internal sealed partial class CostTableJson : JsonSerializerContext;
