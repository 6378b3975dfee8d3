#!/usr/bin/env python3
"""Uses the clients of Triton and KServe as their users do: tritonclient (http, grpc) and kserve (REST, gRPC), as they are published.

others.py CLIENT REST GRPC MODEL INPUTS OUTPUTS SHAPE compares each answer with the float32 numbers of OUTPUTS, and prints what failed.
CLIENT is triton or kserve: one process cannot have both, since both name their messages alike.
"""
import asyncio
import sys

import numpy as np

if sys.argv[1] == "triton":
    import tritonclient.grpc
    import tritonclient.http
    from tritonclient.utils import InferenceServerException
else:
    from kserve.inference_client import InferenceGRPCClient, InferenceRESTClient, RESTConfig
    from kserve.protocol.infer_type import InferInput, InferRequest, RequestedOutput

client, rest, grpc, model, inputs, outputs, shape = sys.argv[1:]
shape = [int(extent) for extent in shape.split(",")]
x = np.fromfile(inputs, np.float32).reshape(shape)
expected = np.fromfile(outputs, np.float32).reshape(shape[0], -1)
failures = []


def check(name, value):
    try:
        result = value()
        if result is not True:
            failures.append(f"{name}: {result}")
    except Exception as exception:
        failures.append(f"{name}: {type(exception).__name__}: {exception}")


def refused(call, words):
    try:
        call()
    except InferenceServerException as exception:
        return words in str(exception) or str(exception)
    return "no error"


def triton(library, address, binary):
    client = library.InferenceServerClient(address)
    name = f"{library.__name__} {binary}"
    form = {} if binary is None else {"binary_data": binary}

    def infer(**options):
        tensor = library.InferInput("input", shape, "FP32")
        tensor.set_data_from_numpy(x, **form)
        return client.infer(model, [tensor], **options).as_numpy("output")

    def same(**options):
        return np.array_equal(infer(**options), expected)

    def classes():
        best = infer(outputs=[library.InferRequestedOutput("output", class_count=2, **form)])
        texts = [[text if isinstance(text, str) else text.decode() for text in row] for row in best]
        numbers = [[int(text.split(":")[1]) for text in row] for row in texts]
        return numbers == np.argsort(-expected, axis=1, kind="stable")[:, :2].tolist()

    requested = [library.InferRequestedOutput("output", **form)]
    check(f"{name} live", client.is_server_live)
    check(f"{name} ready", client.is_server_ready)
    check(f"{name} model ready", lambda: client.is_model_ready(model) and client.is_model_ready(model, "1"))
    check(f"{name} metadata", lambda: bool(client.get_server_metadata()) and bool(client.get_model_metadata(model)))
    check(f"{name} index", lambda: bool(client.get_model_repository_index()))
    check(f"{name} infer", same)
    check(f"{name} options", lambda: same(request_id="a", priority=1, timeout=10**7, outputs=requested, model_version="1"))
    check(f"{name} own parameters", lambda: same(parameters={"own": 3, "flag": True, "text": "x"}))
    check(f"{name} classes", classes)
    for coding in "gzip", "deflate":
        if binary is None:
            check(f"{name} {coding}", lambda: same(compression_algorithm=coding))
        else:
            check(f"{name} {coding}", lambda: same(request_compression_algorithm=coding, response_compression_algorithm=coding))
    check(f"{name} no model", lambda: refused(lambda: client.get_model_metadata("nothing"), "no model 'nothing'"))
    for call in "get_trace_settings", "get_log_settings", "get_system_shared_memory_status", "get_inference_statistics":
        check(f"{name} {call}", lambda: refused(getattr(client, call), ""))
    check(f"{name} unload", lambda: client.unload_model(model) is None and not client.is_model_ready(model))
    check(f"{name} load", lambda: client.load_model(model) is None and client.is_model_ready(model))
    check(f"{name} load of a client's own", lambda: refused(lambda: client.load_model(model, config="{}"), "'config' is not taken"))
    client.close()


async def kserve():
    address = f"http://{rest}"
    http, messages = InferenceRESTClient(RESTConfig(protocol="v2")), InferenceGRPCClient(grpc)

    async def same(name, call):
        try:
            answer = (await call).outputs[0].as_numpy()
            check(name, lambda: np.array_equal(answer, expected))
        except Exception as exception:
            failures.append(f"{name}: {type(exception).__name__}: {exception}")

    async def true(name, call):
        try:
            answer = await call
            check(name, lambda: answer)
        except Exception as exception:
            failures.append(f"{name}: {type(exception).__name__}: {exception}")

    await true("kserve REST live", http.is_server_live(address))
    await true("kserve REST ready", http.is_server_ready(address))
    await true("kserve REST model ready", http.is_model_ready(address, model))
    await true("kserve gRPC live", messages.is_server_live())
    await true("kserve gRPC ready", messages.is_server_ready())
    await true("kserve gRPC model ready", messages.is_model_ready(model))
    for binary in True, False:
        for requested in None, [RequestedOutput("output", {"binary_data": binary})]:
            tensor = InferInput("input", shape, "FP32")
            tensor.set_data_from_numpy(x, binary_data=binary)
            request = InferRequest(model, [tensor], request_outputs=requested, parameters={"binary_data_output": binary})
            await same(f"kserve REST infer {binary}", http.infer(address, request, model))
    data = {"name": "input", "shape": shape, "datatype": "FP32", "data": x.ravel().tolist(), "parameters": None}
    await same("kserve REST nulls", http.infer(address, {"id": None, "parameters": None, "inputs": [data]}, model))
    tensor = InferInput("input", shape, "FP32")
    tensor.set_data_from_numpy(x)
    await same("kserve gRPC infer", messages.infer(InferRequest(model, [tensor])))
    tensor = InferInput("input", shape, "FP32", data=x.ravel().tolist())
    await same("kserve gRPC numbers", messages.infer(InferRequest(model, [tensor])))
    await http.close()
    await messages.close()


if client == "triton":
    triton(tritonclient.http, rest, True)
    triton(tritonclient.http, rest, False)
    triton(tritonclient.grpc, grpc, None)
else:
    asyncio.run(kserve())
sys.exit("\n".join(failures) or 0)
