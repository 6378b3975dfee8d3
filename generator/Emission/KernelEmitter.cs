using System;
using System.Collections.Generic;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.InteropServices;
using Strata.Compiler.KernelLanguage;
using Strata.Compiler.Kernels;
using Strata.Compiler.Lowering;

namespace Strata.Compiler.Emission;

/// <summary>A kernel as a method.</summary>
internal sealed record EmittedKernel(MethodInfo Method, Type[] Parameters);

/// <summary>
/// Kernels, and the functions that they call, as static methods of one class. Each is written when it is first asked for.
/// </summary>
internal sealed class KernelEmitter(MethodClass type, EmittedTypes types, KernelMethods methods)
{
    private readonly Dictionary<(DefinedFunction, EmittedTypes), MethodInfo> _functions = [];
    private readonly Dictionary<KernelMethod, EmittedKernel> _kernels = new(ReferenceComparer<KernelMethod>.Instance);
    private readonly Dictionary<string, FieldInfo> _tables = [];
    private readonly List<MethodInfo> _compiled = [];
    private int _count;

    /// <summary>The methods that the JIT compiles by themselves, in the order in which they were first asked for.</summary>
    public IReadOnlyList<MethodInfo> Compiled => _compiled;

    /// <summary>The method of a kernel, and the numbers that are passed to it after the kernel's own arguments.</summary>
    public (EmittedKernel Method, EquatableArray<int> Extents) this[Kernel kernel]
    {
        get
        {
            (KernelMethod method, EquatableArray<int> extents) = methods[kernel];
            if (!_kernels.TryGetValue(method, out EmittedKernel? emitted))
            {
                // Kernels of integers have shorter vectors than the program.
                EmittedTypes own = method.Nest.Lanes == 0 ? types : EmittedTypes.OfLanes(method.Nest.Lanes);
                Type[] parameters = NestEmitter.Parameters(method.Nest, own);
                _kernels.Add(method, emitted = new EmittedKernel(
                    Emit(method.Name, method.Nest, own, parameters, isInlined: false), parameters));
            }

            return (emitted, extents);
        }
    }

    /// <summary>Ends the class: no kernel is written from now on.</summary>
    public void Complete() => type.Complete();

    private MethodInfo Of(DefinedFunction function, EmittedTypes own)
    {
        if (!_functions.TryGetValue((function, own), out MethodInfo? method))
        {
            _functions.Add((function, own), method = Emit(
                function.Name, function.Nest, own, NestEmitter.Parameters(function.Nest, own), function.IsInlined));
        }

        return method;
    }

    private MethodBuilder Emit(string name, Nest nest, EmittedTypes own, Type[] parameters, bool isInlined)
    {
        // What a stranger's file became is checked like all else: no kernel reads or writes beside its buffers' names and types.
        NestVerifier.Verify(nest);
        MethodBuilder method = type.Define(
            $"{name}_{_count++}", own.Of(nest.Result), parameters,
            isInlined ? MethodImplAttributes.AggressiveInlining : MethodImplAttributes.AggressiveOptimization);
        if (!isInlined)
        {
            _compiled.Add(method);
        }

        ILGenerator code = method.GetILGenerator();
        NestEmitter.Emit(nest, code, own, function => Of(function, own), TableOf);
        type.End(code);
        return method;
    }

    private FieldInfo TableOf(float[] values)
    {
        byte[] bytes = MemoryMarshal.AsBytes<float>(values).ToArray();
        string key = Convert.ToHexString(bytes);
        if (!_tables.TryGetValue(key, out FieldInfo? field))
        {
            _tables.Add(key, field = type.Data($"Table{_tables.Count}", bytes));
        }

        return field;
    }
}
