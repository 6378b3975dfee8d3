using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Text;

namespace Strata.Generator.Printing;

/// <summary>A method of the class of kernels: a kernel, or a function that kernels call.</summary>
/// <param name="comment">The line above it; empty if the name says enough.</param>
/// <param name="result">The type of its result.</param>
/// <param name="name">Its name.</param>
/// <param name="code">Its parameters and its body.</param>
/// <param name="calls">The methods that it calls itself.</param>
/// <param name="isInlined">Whether the JIT puts it into its callers.</param>
internal sealed class PrintedMethod(string comment, string result, string name, string code,
    EquatableArray<PrintedMethod> calls, bool isInlined)
    : IEquatable<PrintedMethod>
{
    /// <summary>
    /// Marks the name of a method in calls until it is known what the method is called, and which class has it. The character never occurs
    /// in C#.
    /// </summary>
    private const char Mark = '\u0001';

    private readonly int _hash = unchecked((StringComparer.Ordinal.GetHashCode(code) * 31) + StringComparer.Ordinal.GetHashCode(result));

    /// <summary>
    /// Compares the results, parameters and bodies of two methods, and of all methods that they call. The names of the called ones count.
    /// </summary>
    public static IEqualityComparer<PrintedMethod> SameCode { get; } = new CodeComparer();

    public string Name => name;

    /// <summary>Floats in its vectors; 0 if they are as long as those of its callers.</summary>
    public int Lanes { get; init; }

    /// <summary>Characters of its parameters and its body.</summary>
    public int Length { get; } = WithoutMarks(code).Length;

    public bool IsInlined => isInlined;

    /// <summary>The methods that it calls itself.</summary>
    public EquatableArray<PrintedMethod> Calls => calls;

    /// <summary>All methods that are called, directly or not. Each comes after those that it calls.</summary>
    public IEnumerable<PrintedMethod> AllCalls => calls.SelectMany(call => call.AllCalls.Append(call)).Distinct();

    private string Comment => comment;

    private string Result => result;

    /// <summary>Its parameters and its body, with marks around the names of the methods that it calls.</summary>
    public string Code => code;

    /// <summary>The name of a method as calls write it.</summary>
    public static string InCalls(string name) => $"{Mark}{name}{Mark}";

    /// <summary>A text whose calls are of methods in the same class.</summary>
    public static string WithoutMarks(string text) => text.IndexOf(Mark) < 0 ? text : text.Replace($"{Mark}", "");

    /// <summary>Writes a text, with the final names of the methods that it calls.</summary>
    /// <param name="places">The full names of methods in other classes, by their own names.</param>
    /// <param name="home">What the text writes before the names of all other methods.</param>
    public static void Append(StringBuilder file, string text, IReadOnlyDictionary<string, string> places, string home = "")
    {
        int start = 0;
        for (int mark = text.IndexOf(Mark); mark >= 0; mark = text.IndexOf(Mark, start))
        {
            int end = text.IndexOf(Mark, mark + 1);
            string name = text.Substring(mark + 1, end - mark - 1);
            file.Append(text, start, mark - start);
            _ = places.TryGetValue(name, out string? place) ? file.Append(place) : file.Append(home).Append(name);
            start = end + 1;
        }

        file.Append(text, start, text.Length - start);
    }

    /// <summary>The method under another name.</summary>
    /// <param name="functions">New names of functions that are called, by their old ones.</param>
    public PrintedMethod Renamed(string newName, IReadOnlyDictionary<string, string> functions) =>
        newName == name && functions.Count == 0 ? this : new(
            comment, result, newName,
            functions.Aggregate(code, (text, function) => text.Replace(InCalls(function.Key), InCalls(function.Value))),
            calls.Select(call => call.Renamed(functions.TryGetValue(call.Name, out string? renamed) ? renamed : call.Name, functions))
                .ToEquatableArray(), isInlined)
        {
            Lanes = Lanes,
        };

    /// <summary>Writes the method as a member of its class.</summary>
    /// <inheritdoc cref="Append(StringBuilder, string, IReadOnlyDictionary{string, string}, string)"/>
    public void AppendTo(StringBuilder file, IReadOnlyDictionary<string, string> places)
    {
        if (comment.Length > 0)
        {
            file.Append("    ").Append(comment).Append('\n');
        }

        file.Append("    [MethodImpl(").Append(isInlined ? $"{nameof(MethodImplOptions)}.AggressiveInlining" : KernelClass.Once)
            .Append(isInlined ? ")] " : ")] public ").Append("static ").Append(result).Append(' ').Append(name);
        Append(file, code, places);
    }

    public bool Equals(PrintedMethod? other) => ReferenceEquals(this, other)
        || (other is not null && name == other.Name && comment == other.Comment && isInlined == other.IsInlined && Lanes == other.Lanes
            && SameCode.Equals(this, other));

    public override bool Equals(object? obj) => Equals(obj as PrintedMethod);

    public override int GetHashCode() => _hash;

    private sealed class CodeComparer : IEqualityComparer<PrintedMethod>
    {
        public bool Equals(PrintedMethod? left, PrintedMethod? right) => ReferenceEquals(left, right)
            || (left is not null && right is not null && left._hash == right._hash && left.Code == right.Code && left.Result == right.Result
                && left.Calls.Equals(right.Calls));

        public int GetHashCode(PrintedMethod method) => method._hash;
    }
}
