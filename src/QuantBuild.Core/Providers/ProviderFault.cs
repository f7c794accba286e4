using System.Diagnostics;
using System.Reflection;
using System.Runtime.Loader;

namespace QuantBuild.Providers;

/// <summary>An exception of the user's code in one line.</summary>
internal static class ProviderFault
{
    /// <returns>Type, message and the innermost place in the user's own code.</returns>
    public static string Describe(Exception exception, AssemblyLoadContext context)
    {
        Exception cause = exception is TargetInvocationException or TypeInitializationException or AggregateException { InnerExceptions.Count: 1 }
            && exception.InnerException is { } inner ? inner : exception;
        string message = string.Join(' ', cause.Message.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        string missing = cause is FileNotFoundException or FileLoadException && cause.Message.Contains("assembly", StringComparison.OrdinalIgnoreCase)
            ? " Set EnableDynamicLoading=true in its project, so that what it needs is copied beside it." : "";
        return $"{cause.GetType().FullName}: {message}{Place(cause, context)}{missing}";
    }

    private static string Place(Exception cause, AssemblyLoadContext context)
    {
        foreach (StackFrame frame in new StackTrace(cause, fNeedFileInfo: true).GetFrames())
            if (frame.GetMethod() is { DeclaringType: { } type } method && AssemblyLoadContext.GetLoadContext(type.Assembly) == context)
                return $" (in {type.FullName}.{method.Name}{(frame.GetFileName() is { } file ? $", {FileNameOf(file)}, line {frame.GetFileLineNumber()}" : "")})";
        return "";
    }

    /// <summary>Symbols may come from a machine with the other separator.</summary>
    private static string FileNameOf(string path) => path[(path.LastIndexOfAny(['/', '\\']) + 1)..];
}
