namespace QuantBuild.Build;

/// <summary>Ends the program with a message for people and exit code 1.</summary>
internal sealed class BuildFailure(string message, Exception? cause = null) : Exception(message, cause);
