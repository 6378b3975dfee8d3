using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;

namespace Strata.Compiler.Foundation;

/// <summary>
/// The token of the work that a thread does. Passes check it wherever their rounds are, even in the comparison of two lists, and need not
/// hand it on. The entries of the generator set it; elsewhere nothing is cancelled.
/// </summary>
/// <remarks>
/// At most 10,000 rounds of loops lie between two checks: <c>RoundsTests</c> counts them. What is computed once for all networks must not
/// be cancelled: if the first network were, the others would never get it. So the static fields of this assembly are initialized before the
/// first network. What is lazy, or stands in another assembly, is computed in <see cref="None"/>.
/// </remarks>
internal static class Cancellation
{
    private static readonly Lazy<bool> Prepared = new(InitializeTypes);

    [ThreadStatic]
    private static CancellationToken _token;

    /// <summary>The token of this thread's work.</summary>
    public static CancellationToken Token => _token;

    /// <summary>For an entry of the generator: from here until the result is disposed of, this token counts on this thread.</summary>
    public static Scope Begin(CancellationToken token)
    {
        _ = Prepared.Value;
        return Use(token);
    }

    /// <summary>From here until the result is disposed of, this token counts on this thread.</summary>
    public static Scope Use(CancellationToken token)
    {
        var scope = new Scope(_token);
        _token = token;
        return scope;
    }

    /// <summary>Computes something that all networks share. It is never cancelled.</summary>
    public static T None<T>(Func<T> compute)
    {
        using (Use(CancellationToken.None))
        {
            return compute();
        }
    }

    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static void ThrowIfRequested() => _token.ThrowIfCancellationRequested();

    /// <summary>The same value, after a check: for the keys of a sort.</summary>
    public static T Checked<T>(T value)
    {
        ThrowIfRequested();
        return value;
    }

    /// <summary>The same items, with a check before each.</summary>
    public static IEnumerable<T> WithCancellation<T>(this IEnumerable<T> items)
    {
        foreach (T item in items)
        {
            ThrowIfRequested();
            yield return item;
        }
    }

    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Types that a trimmer removes need no initialization.")]
    [UnconditionalSuppressMessage("Trimming", "IL2059", Justification = "Types that a trimmer removes need no initialization.")]
    private static bool InitializeTypes()
    {
        foreach (Type type in typeof(Cancellation).Assembly.GetTypes().Where(type => !type.ContainsGenericParameters))
        {
            RuntimeHelpers.RunClassConstructor(type.TypeHandle);
        }

        return true;
    }

    /// <summary>Restores the token that this thread had before.</summary>
    public readonly struct Scope(CancellationToken before) : IDisposable
    {
        public void Dispose() => _token = before;
    }
}
