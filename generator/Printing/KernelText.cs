using System.Collections.Generic;
using Strata.Generator.KernelLanguage;

namespace Strata.Generator.Printing;

/// <summary>A kernel as text: its parameters and its body.</summary>
internal sealed record KernelText(string Parameters, string Body, IReadOnlyList<string> Helpers)
{
    /// <summary>What kernels are told apart by.</summary>
    public string Key { get; } = Parameters + "\n" + Body;

    public static KernelText Of(Nest nest)
    {
        (string body, IReadOnlyList<string> helpers) = NestPrinter.Print(nest, depth: 2);
        return new KernelText(NestPrinter.Parameters(nest), body, helpers);
    }
}
