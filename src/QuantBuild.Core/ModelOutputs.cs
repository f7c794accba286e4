using QuantBuild.Reporting;

namespace QuantBuild;

/// <summary>Puts the results of one model into the output folder. A model that did not pass never stands where one that ships would.</summary>
internal static class ModelOutputs
{
    public static void Write(OutputFolder outputs, string name, byte[] model, QuantizationReport report, bool passed)
    {
        outputs.Delete(passed ? OutputNames.RejectedModel(name) : OutputNames.QuantizedModel(name));
        outputs.Write(passed ? OutputNames.QuantizedModel(name) : OutputNames.RejectedModel(name), model);
        outputs.Write(OutputNames.Report(name), ReportJson.Write(report));
    }
}
