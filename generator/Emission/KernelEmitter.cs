using System;
using System.Collections.Generic;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.InteropServices;
using Strata.Compiler.KernelLanguage;
using Strata.Compiler.Lowering;

namespace Strata.Compiler.Emission;

/// <summary>Kernels, and the functions that they call, as static methods of one class.</summary>
internal sealed class KernelEmitter(TypeBuilder type, EmittedTypes types)
{
    private readonly Dictionary<DefinedFunction, MethodInfo> _functions = [];
    private readonly Dictionary<KernelMethod, MethodInfo> _kernels = [];
    private readonly Dictionary<string, FieldInfo> _tables = [];
    private int _count;

    /// <summary>The method of a kernel.</summary>
    public MethodInfo Of(KernelMethod kernel)
    {
        if (!_kernels.TryGetValue(kernel, out MethodInfo? method))
        {
            _kernels.Add(kernel, method = Emit(kernel.Name, kernel.Nest, MethodImplAttributes.AggressiveOptimization));
        }

        return method;
    }

    private MethodInfo Of(DefinedFunction function)
    {
        if (!_functions.TryGetValue(function, out MethodInfo? method))
        {
            _functions.Add(function, method = Emit(
                function.Name, function.Nest,
                function.IsInlined ? MethodImplAttributes.AggressiveInlining : MethodImplAttributes.AggressiveOptimization));
        }

        return method;
    }

    private MethodBuilder Emit(string name, Nest nest, MethodImplAttributes attributes)
    {
        // What a stranger's file became is checked like all else: no kernel reads or writes beside its buffers' names and types.
        NestVerifier.Verify(nest);
        MethodBuilder method = type.DefineMethod(
            $"{name}_{_count++}", MethodAttributes.Static | MethodAttributes.Assembly, types.Of(nest.Result),
            NestEmitter.Parameters(nest, types));
        method.SetImplementationFlags(attributes);
        NestEmitter.Emit(nest, method.GetILGenerator(), types, Of, TableOf);
        return method;
    }

    private FieldInfo TableOf(float[] values)
    {
        byte[] bytes = MemoryMarshal.AsBytes<float>(values).ToArray();
        string key = Convert.ToHexString(bytes);
        if (!_tables.TryGetValue(key, out FieldInfo? field))
        {
            _tables.Add(key, field = type.DefineInitializedData($"Table{_tables.Count}", bytes, FieldAttributes.Assembly));
        }

        return field;
    }
}
