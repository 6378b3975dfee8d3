using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Strata.Generator.KernelLanguage;
using Strata.Generator.Lowering;

namespace Strata.Generator.Printing;

/// <summary>Writes the kernels' methods, in as many files as keep each of them short, and what they call.</summary>
internal sealed class MethodWriter
{
    /// <summary>Characters of kernels in one file; a longer file would be slow in editors.</summary>
    private const int LongestKernels = 300_000;

    private readonly List<SourceWriter> _files = [new(depth: 1)];
    private readonly List<PrintedFunction> _helpers = [];
    private readonly HashSet<PrintedFunction> _known = [];
    private readonly Dictionary<DefinedFunction, IReadOnlyList<PrintedFunction>> _printed = [];
    private readonly Dictionary<KernelMethod, string[]> _compiled = [];

    public MethodWriter(KernelMethods methods, CancellationToken cancellationToken)
    {
        foreach (KernelMethod method in methods.All)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Write(method);
        }
    }

    /// <summary>The methods; those of one file at its own depth.</summary>
    public IReadOnlyList<SourceWriter> Files => _files;

    /// <summary>Methods that the others call.</summary>
    public IReadOnlyList<PrintedFunction> Helpers => _helpers;

    /// <summary>What the JIT compiles for a kernel: its method, and those that it calls.</summary>
    public IReadOnlyList<string> CompiledFor(KernelMethod method) => _compiled[method];

    private void Write(KernelMethod method)
    {
        SourceWriter file = _files[_files.Count - 1];
        if (file.Length > LongestKernels)
        {
            _files.Add(file = new SourceWriter(depth: 1));
        }
        else
        {
            file.Line();
        }

        Nest nest = method.Nest;
        (string body, IReadOnlyList<PrintedFunction> helpers) = NestPrinter.Print(nest, depth: 2, _printed);
        file.Line($"// {method.Summary}.");
        file.Line($"[MethodImpl(Optimized)] static {ExpressionPrinter.TypeOf(nest.Result)} {method.Name}({NestPrinter.Parameters(nest)})");

        // Offsets cannot overflow, and are not to be checked for it where a project checks its own arithmetic.
        file.Line("{ unchecked {");
        file.Append(body);
        file.Line("}}");
        _helpers.AddRange(helpers.Where(_known.Add));
        _compiled.Add(method, [method.Name, .. helpers.Where(helper => !helper.IsInlined).Select(helper => helper.Name)]);
    }
}
