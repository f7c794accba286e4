using static QuantBuild.Diagnostics.DiagnosticSeverity;

namespace QuantBuild.Diagnostics;

/// <summary>The codes about what samples hold, and about classes of the user that give them.</summary>
internal static partial class DiagnosticCatalogue
{
    public static readonly DiagnosticDescriptor RangesStillGrow = new("QB4027", Warning,
        "Ranges still grow at the end of the calibration data",
        "'{0}': {1} of {2} activations have ranges that grew by more than {3} in the last quarter of the {4} calibration samples, most of all '{5}' (from a width of {6} to {7}). Shuffle the samples if they are sorted; otherwise add samples.",
        "Values of the last samples are larger than those of all before: the samples are sorted, or there are too few to show what the program will see, whose values are then cut off.",
        "Shuffle the samples before a part of them is saved, or add samples until the warning is gone.");

    public static readonly DiagnosticDescriptor ValidationOverlaps = new("QB4028", Warning,
        "Accuracy is measured on calibration samples",
        "'{0}': {1} of the {2} samples that the accuracy is measured on are, byte for byte, also among the samples of '{3}' that ranges are chosen from. The accuracy looks better than it is; take samples that are in one set only.",
        "The ranges fit the samples they are chosen from. Samples are compared by a hash of what the model is given, whatever the files are called and how they are stored.",
        "Give ValidationData samples that CalibrationData does not have, and remove samples that are there twice.");

    public static readonly DiagnosticDescriptor ConstantInput = new("QB4029", Warning,
        "Input is the same in all samples",
        "'{0}': the input '{1}' is the same in all {2} samples{3}. Nothing can be learnt from it about other values: save what the program will give, or set FixedInputs if it always gives this.",
        "The array was never filled, or the same sample was saved again and again; or the input is a state or setting that does not change in these samples.",
        "Save values as they occur in use. For an input that has one value for ever, set FixedInputs and leave the array out.");

    public static readonly DiagnosticDescriptor EmptySamples = new("QB4030", Warning,
        "Samples of zeros",
        "'{0}': {1} of the {2} samples are nothing but zeros{3}. An export that reserves the array and fills only a part of it leaves such samples; save only those that were filled.",
        "An array was made for more samples than there were, or files that could not be read were replaced by zeros.",
        "Remove these samples. If zeros are real input, silence for instance, set NoWarn to QB4030.");

    public static readonly DiagnosticDescriptor UnusualScale = new("QB4031", Warning,
        "Input looks unlike that of the training",
        "'{0}': the values of '{1}' look as if they were not scaled as in the training of the model: {2}. Prepare the samples as the program does, for instance as pixel / 255.",
        "The first layer of the model shows the size of the values that it was trained on: a BatchNormalization by its mean and variance, a bias by its own size.",
        "Preprocess the samples as in the training. If they are right as they are, set NoWarn to QB4031.");

    public static readonly DiagnosticDescriptor UnevenClasses = new("QB4032", Warning,
        "Classes without samples",
        "'{0}': {1}. What the model does with these classes is hardly measured; draw the samples from all classes.",
        "The set was cut out of sorted data, or some classes were left out when it was made.",
        "Draw samples at random from all classes. If the program hardly sees these classes, set NoWarn to QB4032.");

    public static readonly DiagnosticDescriptor ProviderUnusable = new("QB4033", Error,
        "DataProvider cannot be used",
        "The DataProvider '{0}' cannot be used: {1}.",
        "The assembly or the class that DataProvider names is not there, or not of the form that is needed.",
        "Set DataProvider to the path of the assembly, a semicolon and the full name of a public class with a public constructor without parameters and the method that the message shows.");

    public static readonly DiagnosticDescriptor ProviderFailed = new("QB4034", Error,
        "DataProvider failed",
        "The DataProvider '{0}' failed {1}: {2}",
        "The class that gives the samples threw an exception; type, message and place are those of its own code.",
        "Correct the class. A test that calls GetSamples shows the same.");

    public static readonly DiagnosticDescriptor ProviderSampleInvalid = new("QB4035", Error,
        "Sample of the DataProvider cannot be used",
        "Sample {1} of the DataProvider '{0}'{2} cannot be used: {3}.",
        "A sample is a dictionary with the same names and types as all others, none of them null, and the same in every enumeration. Samples are counted from 0.",
        "Correct what the class gives for this sample.");
}
