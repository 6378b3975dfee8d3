using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Generator.Printing;

/// <summary>A method of a program's class: a kernel, or what kernels call. Calls of methods that may stand in another class begin with <see cref="CallMark"/>.</summary>
/// <param name="comment">The line above it; empty where the name says enough.</param>
/// <param name="result">The type of its result.</param>
/// <param name="name">Its name.</param>
/// <param name="code">Its parameters and its body.</param>
/// <param name="calls">The methods that it calls itself.</param>
/// <param name="isInlined">Whether the JIT puts it into its callers.</param>
internal sealed class PrintedMethod(string comment, string result, string name, string code, EquatableArray<PrintedMethod> calls, bool isInlined)
    : IEquatable<PrintedMethod>
{
    /// <summary>Stands before the name of a method in calls, until it is known which class has the method. No text of C# holds it.</summary>
    public const char CallMark = '\u0001';

    private readonly int _hash = unchecked((StringComparer.Ordinal.GetHashCode(code) * 31) + StringComparer.Ordinal.GetHashCode(result));

    public string Name => name;

    /// <summary>Characters of its parameters and its body.</summary>
    public int Length => code.Length;

    public EquatableArray<PrintedMethod> Calls => calls;

    public bool IsInlined => isInlined;

    /// <summary>All methods that are called, each behind those that it calls.</summary>
    public IEnumerable<PrintedMethod> AllCalls => calls.SelectMany(call => call.AllCalls.Append(call)).Distinct();

    /// <summary>The method as a member of its class.</summary>
    /// <param name="isLent">Whether other classes call it.</param>
    public string Text(bool isLent = false) => string.Concat(
        comment.Length == 0 ? "" : $"    {comment}\n",
        $"    [MethodImpl({(isInlined ? "MethodImplOptions.AggressiveInlining" : "Optimized")})] {(isLent ? "internal " : "")}static {result} {name}{code}");

    /// <summary>Compares what two methods do: all but their own names.</summary>
    public static IEqualityComparer<PrintedMethod> SameCode { get; } = new CodeComparer();

    public bool Equals(PrintedMethod? other) => ReferenceEquals(this, other)
        || (other is not null && name == other.Name && comment == other.Comment && isInlined == other.IsInlined && SameCode.Equals(this, other));

    public override bool Equals(object? obj) => Equals(obj as PrintedMethod);

    public override int GetHashCode() => _hash;

    private string Comment => comment;

    private string Result => result;

    private string Code => code;

    private sealed class CodeComparer : IEqualityComparer<PrintedMethod>
    {
        public bool Equals(PrintedMethod? left, PrintedMethod? right) => ReferenceEquals(left, right)
            || (left is not null && right is not null && left._hash == right._hash && left.Code == right.Code && left.Result == right.Result
                && left.Calls.Equals(right.Calls));

        public int GetHashCode(PrintedMethod method) => method._hash;
    }
}
