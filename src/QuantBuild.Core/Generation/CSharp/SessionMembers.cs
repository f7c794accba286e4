namespace QuantBuild.Generation.CSharp;

/// <summary>
/// Writes what holds the session. It lives as long as somebody uses it: the object itself until it is disposed, and every call.
/// </summary>
internal static class SessionMembers
{
    /// <param name="hasRunners">Whether there is a pool of them to close.</param>
    public static void Write(SourceWriter writer, string className, bool hasRunners)
    {
        WriteFields(writer, CSharpIdentifiers.Escape(className));
        string disposed = $"throw new {RuntimeTypes.ObjectDisposedException}({CSharpLiteral.Of(className)});";
        writer.WriteMember($$"""
            /// <summary>{{LoaderText.Session}}</summary>
            public {{RuntimeTypes.Session}} Session
            {
                get
                {
                    if (global::System.Threading.Volatile.Read(ref _isDisposed) != 0)
                    {
                        {{disposed}}
                    }
                    return _session;
                }
            }
            """);
        writer.WriteMember($$"""
            /// <summary>{{LoaderText.Dispose}}</summary>
            public void Dispose()
            {
                if ({{RuntimeTypes.Interlocked}}.Exchange(ref _isDisposed, 1) == 0)
                {{{(hasRunners ? "\n        CloseRunners();" : "")}}
                    Leave();
                }
            }
            """);
        writer.WriteMember($$"""
            private {{RuntimeTypes.Session}} Enter()
            {
                {{RuntimeTypes.Session}} session = Session;
                int uses = global::System.Threading.Volatile.Read(ref _uses);
                while (uses != 0)
                {
                    int before = {{RuntimeTypes.Interlocked}}.CompareExchange(ref _uses, uses + 1, uses);
                    if (before == uses)
                    {
                        return session;
                    }
                    uses = before;
                }
                {{disposed}}
            }
            """);
        writer.WriteMember($$"""
            private void Leave()
            {
                if ({{RuntimeTypes.Interlocked}}.Decrement(ref _uses) == 0)
                {
                    _session.Dispose();
                }
            }
            """);
    }

    private static void WriteFields(SourceWriter writer, string type)
    {
        writer.Write($"private readonly {RuntimeTypes.Session} _session;");
        writer.Write("private int _uses = 1;");
        writer.Write("private int _isDisposed;");
        writer.WriteMember($$"""
            private {{type}}({{RuntimeTypes.Session}} session)
            {
                _session = session;
            }
            """);
    }
}
