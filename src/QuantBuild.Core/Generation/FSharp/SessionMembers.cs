namespace QuantBuild.Generation.FSharp;

/// <summary>Writes what holds the session. It lives as long as somebody uses it: the object itself until it is disposed, and every call.</summary>
internal static class SessionMembers
{
    /// <summary>Written before all members.</summary>
    public const string Fields = "    let mutable uses = 1\n    let mutable isDisposed = 0";

    public static void Write(SourceWriter writer, string className)
    {
        string disposed = $"raise (new {FSharpTypes.ObjectDisposedException}({FSharpLiteral.Of(className)}))";
        writer.WriteMember($"""
            /// <summary>{LoaderText.Session}</summary>
            member _.Session : {FSharpTypes.Session} =
                if global.System.Threading.Volatile.Read(&isDisposed) <> 0 then
                    {disposed}
                session
            """);
        writer.WriteMember($"""
            member private this.Enter() : {FSharpTypes.Session} =
                let entered = this.Session
                let mutable current = global.System.Threading.Volatile.Read(&uses)
                let mutable isIn = false
                while not isIn do
                    if current = 0 then
                        {disposed}
                    let before = global.System.Threading.Interlocked.CompareExchange(&uses, current + 1, current)
                    isIn <- before = current
                    current <- before
                entered
            """);
        writer.WriteMember("""
            member private _.Leave() : unit =
                if global.System.Threading.Interlocked.Decrement(&uses) = 0 then
                    session.Dispose()
            """);
        writer.WriteMember($"""
            /// <summary>{LoaderText.Dispose}</summary>
            member this.Dispose() : unit =
                if global.System.Threading.Interlocked.Exchange(&isDisposed, 1) = 0 then
                    this.Leave()

            interface {FSharpTypes.Disposable} with
                member this.Dispose() = this.Dispose()
            """);
    }
}
