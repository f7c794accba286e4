using static QuantBuild.Diagnostics.DiagnosticSeverity;

namespace QuantBuild.Diagnostics;

/// <summary>Every code that QuantBuild can report, by stage. This file holds those about what the user gave and what is made of it.</summary>
internal static partial class DiagnosticCatalogue
{
    private static readonly Lazy<IReadOnlyList<DiagnosticDescriptor>> ordered = new(() =>
    [
        .. typeof(DiagnosticCatalogue).GetFields()
            .Select(field => field.GetValue(null))
            .OfType<DiagnosticDescriptor>()
            .OrderBy(descriptor => descriptor.Code, StringComparer.Ordinal),
    ]);

    /// <summary>All descriptors, ordered by code.</summary>
    public static IReadOnlyList<DiagnosticDescriptor> All => ordered.Value;

    // 1: settings

    public static readonly DiagnosticDescriptor UnknownSetting = new("QB1001", Error,
        "Unknown setting",
        "'{0}' is not a QuantBuild setting. {1}",
        "A property that starts with QuantBuild, or a metadata of a QuantizeModel item, has a name that no setting has; usually it is misspelt.",
        "Use the name that the message suggests, or remove it. The settings page lists all names.");

    public static readonly DiagnosticDescriptor InvalidValue = new("QB1002", Error,
        "Invalid value of a setting",
        "'{0}' is not a valid value of {1}. {2}",
        "The value is misspelt, not a number, or outside of what the setting allows.",
        "Use one of the values that the message lists.");

    public static readonly DiagnosticDescriptor NotAvailable = new("QB1003", Error,
        "Setting not available in this version",
        "{0}='{1}' is not available in this version. {2}",
        "The setting is planned, but this version of the package does not implement it.",
        "Remove the setting or use one of the values that the message lists.");

    public static readonly DiagnosticDescriptor IncompatibleSettings = new("QB1004", Error,
        "Settings that exclude each other",
        "{0}",
        "Two settings cannot hold at the same time, or one asks for something that the other switches off.",
        "Change or remove one of the settings that the message names. What a property sets for all models, an item may switch off for its own.");

    public static readonly DiagnosticDescriptor FileNotFound = new("QB1005", Error,
        "File not found",
        "{0} '{1}' {2}. It was looked for at '{3}'.",
        "A setting names a file that is not there. Relative paths are relative to the project.",
        "Correct the path, or make sure that the target which produces the file runs before QuantizeOnnxModels.");

    public static readonly DiagnosticDescriptor DuplicateClass = new("QB1006", Error,
        "Two models with one class name",
        "The models '{0}' and '{1}' would both generate the class {2}. {3}",
        "The class name follows from the file name; two models of one name collide, and so does a model that two items list.",
        "Set ClassName or Namespace on one of the two items; list each model once.");

    public static readonly DiagnosticDescriptor CalibrationDataMissing = new("QB1007", Error,
        "No calibration data",
        "The model '{0}' has no CalibrationData, which Scheme={1} needs. Set CalibrationData to an .npz file with one array per model input.",
        "Static quantization chooses the ranges of the activations from samples of real input.",
        "Set CalibrationData, or use a scheme that needs no data.");

    public static readonly DiagnosticDescriptor NoModels = new("QB1008", Warning,
        "No model in the project",
        "The project references QuantBuild but has no QuantizeModel item, so no model is quantized and no class is generated. Add <QuantizeModel Include=\"…\" />; a misspelt item or a wildcard that matches no file is none.",
        "The item has another name, its condition does not hold, or its wildcard matches nothing.",
        "Add or correct the item, remove the reference, or set QuantBuildEnabled to false where there is no model on purpose.");

    public static readonly DiagnosticDescriptor UnknownInput = new("QB1009", Error,
        "Fixed input that the model does not have",
        "FixedInputs gives '{0}' a value, but '{1}' has no input of that name.{2} Its inputs are: {3}.",
        "FixedInputs names something that is not an input of the model; usually the name is misspelt, or the setting is meant for another model.",
        "Use a name that the message lists; set FixedInputs on the item of the model that it is for.");

    public static readonly DiagnosticDescriptor InvalidFixedInput = new("QB1010", Error,
        "Value does not fit the fixed input",
        "FixedInputs gives '{0}' of '{1}' the value '{2}', but {3}.",
        "The value is not of the input's type, its shape does not fit, or nothing would be left that the model depends on.",
        "Write numbers with a decimal point, truth values as true and false, tensors with brackets around every axis: [[1,2],[3,4]].");

    public static readonly DiagnosticDescriptor VariantsNeedCSharp = new("QB1011", Error,
        "Variants in another language than C#",
        "{0} asks for several forms of one model, and the class that chooses between them is generated in C# only; the project's language is {1}. Set Scheme to the one form that you want, or move the model into a C# library.",
        "A model with Variants gets a class that loads one of several files and can change between them while the program runs; that class exists in C# only.",
        "Use Scheme instead of Variants, or put the item into a C# library that the project references.");

    // 2: model

    public static readonly DiagnosticDescriptor NotAnOnnxModel = new("QB2001", Error,
        "Not an ONNX model",
        "'{0}' is not an ONNX model: {1}",
        "The file is empty, truncated, a pointer of Git LFS, a web page, or of another format.",
        "Replace the file with a complete .onnx file; with Git LFS, run 'git lfs pull'.");

    public static readonly DiagnosticDescriptor UnsupportedOpset = new("QB2002", Error,
        "Unsupported opset",
        "'{0}' uses opset {1}; supported are {2} to {3}. Export the model again with an opset in this range.",
        "The model was exported with an operator set that is too old or too new.",
        "Export the model again with an opset in the supported range.");

    public static readonly DiagnosticDescriptor InvalidGraph = new("QB2003", Error,
        "Invalid graph",
        "'{0}' is not a valid model: {1}",
        "A tensor has two producers or none, the graph has a cycle, or a name is missing.",
        "Export the model again; if it comes from an editing tool, check the node that the message names.");

    public static readonly DiagnosticDescriptor InvalidTensor = new("QB2004", Error,
        "Invalid tensor",
        "The tensor '{0}' is not valid: {1}",
        "Shape and data of a stored tensor do not agree, or its type is unknown.",
        "Export the model again.");

    public static readonly DiagnosticDescriptor AlreadyQuantized = new("QB2005", Error,
        "Model is already quantized",
        "'{0}' is already quantized: it contains {1}. Give the float model instead, or set Scheme=None to use this one as it is.",
        "The model contains quantized operators; quantizing it again would lose accuracy.",
        "Use the float model that this one was made from. With Scheme=None the model is embedded as it is, whatever it contains.");

    public static readonly DiagnosticDescriptor ExternalData = new("QB2006", Error,
        "External data cannot be used",
        "The external data of the tensor '{0}' cannot be used: {1}",
        "The file of weights beside the model is missing, too short, or lies outside of the model's folder.",
        "Put the file beside the model, under the name that the model gives it.");

    public static readonly DiagnosticDescriptor ModelDoesNotRun = new("QB2007", Error,
        "The runtime refuses the model",
        "ONNX Runtime does not run '{0}': {1}",
        "The float model itself cannot be loaded or run by ONNX Runtime.",
        "Check the model with ONNX Runtime alone; the message after the colon is its own.");

    public static readonly DiagnosticDescriptor ExternalDataChanged = new("QB2008", Error,
        "File of weights changed during the build",
        "The file of weights '{0}' changed while the model was being quantized: {1}",
        "Weights of large models are read when they are needed, and the file must stay as it is until the build ends.",
        "Build again when nothing writes to the file any more.");

    public static readonly DiagnosticDescriptor MessageTooLarge = new("QB2009", Error,
        "Too many weights outside of large tensors",
        "The weights that must be part of the ONNX file take {0} bytes; a file can hold {1}.",
        "Weights of a large model stay in the file beside it, but constants of nodes, of the bodies of If, Loop and Scan, and weights into which a normalization was folded do not.",
        "Export the model with its weights as initializers of the main graph and with normalizations folded.");

    // 3: preparation

    public static readonly DiagnosticDescriptor PassBrokeGraph = new("QB3001", Error,
        "Internal error while preparing the model",
        "Preparing '{0}': the pass {1} left an invalid graph: {2}. This is a defect of QuantBuild; please report it.",
        "A graph pass of QuantBuild made a mistake, which the check after it found.",
        "Report it with the model, if you can share it.");

    public static readonly DiagnosticDescriptor OpsetConversion = new("QB3002", Error,
        "Opset cannot be raised",
        "'{0}' has opset {1}, and its node '{2}' ({3}) cannot be converted to opset {4}: {5}",
        "Per-channel quantization needs opset 13, and one of the model's operators changed its meaning in a way that cannot be expressed exactly.",
        "Export the model again with opset 13 or newer.");

    public static readonly DiagnosticDescriptor PreparedModelDiffers = new("QB3003", Error,
        "Prepared model differs from the original",
        "'{0}': after preparation the output '{1}' differs by {2:G3} (relative to its largest value), more than the allowed {3:G3}. This is a defect of QuantBuild; please report it.",
        "Folding and converting must not change the outputs; the check on real samples found that it did.",
        "Report it with the model, if you can share it.");

    public static readonly DiagnosticDescriptor PreparedModelDoesNotRun = new("QB3004", Error,
        "The runtime refuses the prepared model",
        "ONNX Runtime does not run '{0}' after preparation: {1}. This is a defect of QuantBuild; please report it.",
        "Folding and converting left a model that the runtime does not accept, although it runs the original.",
        "Report it with the model, if you can share it; exporting the model with opset 13 or newer may get around it.");
}
