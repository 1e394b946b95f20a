"""A path or an address of one machine is written into the code.

## What it does
Finds literals that name a place of one machine or one person: home directories, drive letters, mounted disks of
Colab and Kaggle, absolute data and model paths, shared links of cloud drives, raw files of a code host, and local or
private hosts as tracking, registry or service addresses. Only where they are given to what reads, writes, loads or
connects, or to a variable that is named like a path or an address. And addresses of data services and buckets that
stand inside a function which fetches from them.

## Why is this bad?
The program runs on one machine only. On any other it fails, or worse, reads an older copy that happens to lie there,
and the run can't be reproduced. (Configuration debt, Sculley et al. 2015; "hard-coded paths" of MLScent, made strict.)

## Example
```python
data = pd.read_csv("/home/ann/churn/data.csv")
mlflow.set_tracking_uri("http://localhost:5000")
```

## Use instead
```python
data = pd.read_csv(Path(os.environ.get("DATA_DIR", "data")) / "data.csv")
mlflow.set_tracking_uri(os.environ["MLFLOW_TRACKING_URI"])
```

## Limits
Defaults that the environment, an argument parser or a settings class may override are fine, and so are places that
each machine of the kind has: `/tmp`, `/dev`, `/proc`, `/etc`, `/usr`, `/opt/ml`, hidden folders of the home
directory. An address of data in a constant of the module is where one looks for it. Routes of web
applications, links in texts and addresses that a server binds to are no paths.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from solvent.debt.findings import Found
from solvent.debt.practice.addresses import REMOTE, is_fetched
from solvent.debt.rule import module_rule
from solvent.debt.syntax.module import Module
from solvent.debt.syntax.nodes import keyword

_PERSONAL = re.compile(
    r"^(file:/*)?([A-Za-z]:[\\/]+(?=[\w. ()-]*[\\/]|[\w. -]+\.\w{2,5}$)|/(home|Users)/[^/\s{}]+/|/home/?$|/root/\w"
    r"|/content/(g?drive|MyDrive)|/media/\w+/|/Volumes/\w|\\\\\w+\\)"
    r"|^~/(?!\.)[\w -]+/",
)
"""Nobody else has these."""
_ABSOLUTE = re.compile(
    r"^/(mnt|data|dataset|datasets|scratch|srv|nfs|gpfs|lustre|workspace|workspaces|storage|content|kaggle|dbfs|app"
    r"|projects?|private|work|ssd|hdd|disk\w*|raid|cluster|export|share|shared|models?|shome|ibex|lustre\w*)\d*"
    r"(/[^/\s]+)+/?$"
)
_DISK = re.compile(r"^/(mnt|scratch|nfs|gpfs|lustre|storage|work|ssd|hdd|disk\w*|raid|ibex)\d*(/[^/\s]+){3,}/?$")
"""Deep enough below a disk to be nothing but a path, whatever it is given to."""
_FILE = re.compile(
    r"^/(?!(tmp|dev|proc|sys|etc|usr|bin|opt/ml|var/(log|run|tmp))/)[^/\s]+(/[^/\s]+)*\.(csv|tsv|parquet|pkl|pickle|joblib|pth?|h5|onnx|npy|npz|json|ya?ml|db|sqlite3?|xlsx?|feather|txt|zip|bin|ckpt|model)$"
)
_LOCAL_HOST = re.compile(
    r"^(\w+(\+\w+)?)://([^/@\s]*@)?(localhost|127\.0\.0\.1|0\.0\.0\.0|10\.\d+\.\d+\.\d+|192\.168\.\d+\.\d+|172\.(1[6-9]|2\d|3[01])\.\d+\.\d+|ec2-[\w-]+\.[\w.-]*amazonaws\.com|(\d{1,3}\.){3}\d{1,3})(:\d+)?(/|$)"
)
_SHARED = re.compile(
    r"^https?://(drive\.google\.com/|docs\.google\.com/\w+/d/|(www\.|dl\.)?dropbox(usercontent)?\.com/|1drv\.ms/|onedrive\.live\.com/|gist\.githubusercontent\.com/|raw\.githubusercontent\.com/|github\.com/.+/(raw|blob)/)"
)
_ANY = re.compile(r"^(?:[A-Za-z]:[\\/]|/\w|~/|\\\\\w|file:|\w+(?:\+\w+)?://)")

_PATH_NAME = re.compile(
    r"(path|paths|dir|dirs|directory|folder|file|files|filename|fname|root|csv|dataset|data|model|weights|checkpoint|ckpt|home|location|src|dest|dst|artifacts?|output|input|save|load|cache|base)(_?\d+|_in|_out|_name|_to|_from)?$",
    re.IGNORECASE,
)
_ADDRESS_NAME = re.compile(
    r"(uri|url|host|endpoint|address|server|api|base|backend|broker|bootstrap_servers)(_?\d+)?$", re.IGNORECASE
)
_NO_ADDRESS = re.compile(r"origin|cors|allow|redirect|callback|proxy|docs|homepage|referer|swagger", re.IGNORECASE)
_TEXTS = re.compile(
    r"print|warn|info|debug|error|warning|exception|critical|log|write|markdown|caption|startswith|endswith|"
    r"replace|split|strip|compile|match|search|sub|findall|format_help|ArgumentParser|echo|secho|text|"
    r"subheader|header|title|input|text_input|removeprefix|find|index|count|partition|html|run_server|"
    r"join_room|exists|isdir|isfile|ismount|is_mounted"
)
_OVERRIDDEN = re.compile(
    r"getenv|get|add_argument|option|Option|Argument|argument|Field|pop|setdefault|config|env|str_env|"
    r"DEFINE_string|DEFINE_string_list|getattr|field|Parameter|Var|text_input|Input|add_option|Query|Header"
)
_READERS = re.compile(
    r"open|Path|PurePath|listdir|glob|iglob|walk|scandir|makedirs|mkdir|chdir|imread|imwrite|load|loads|"
    r"load_model|loadtxt|genfromtxt|savetxt|save|dump|savefig|ImageFolder|DatasetFolder|"
    r"image_dataset_from_directory|flow_from_directory|load_weights|load_state_dict|from_pretrained|read_text|"
    r"rmtree|copy|copyfile|copytree|move|remove|ZipFile|TarFile|unpack_archive|insert|append|VideoCapture|"
    r"load_from_checkpoint|to_csv|to_parquet|to_pickle|to_excel|read_csv|YOLO|cached_download|load_dataset|"
    r"load_img|SummaryWriter|TensorBoard|ModelCheckpoint|CSVLogger|fromfile|imsave|read|parse|load_config|"
    r"abspath|realpath|H5File|File"
)
_CONNECTS = re.compile(
    r"set_tracking_uri|set_registry_uri|MlflowClient|create_engine|request|put|post|patch|urlopen|urlretrieve|"
    r"urlretrive|MongoClient|Redis|StrictRedis|from_url|KafkaProducer|KafkaConsumer|Elasticsearch|get_file|"
    r"download|download_url|cached_download|AsyncClient|Client|WebSocket|create_connection|init"
)
_VARIABLE = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)+")
"""A variable of the environment: what is given with its name is its default."""
_SETTINGS = ("BaseSettings", "BaseModel", "BaseConfig")


@module_rule("CFG106", "hard-coded-path", severity="medium", minutes=10, evidence="S")
def check(module: Module) -> Iterator[Found]:
    lines: set[int] = set()
    for node in module.of(ast.Constant):
        text = node.value
        if not isinstance(text, str) or len(text) > _LONGEST or not _ANY.match(text) or node.lineno in lines:
            continue
        kind = _kind(text)
        if (
            kind
            and text.isprintable()
            and (is_fetched(module, node) if kind == "remote" else _is_given(module, node, kind))
        ):
            lines.add(node.lineno)
            yield module.found(node, _MESSAGES[kind].format(_shown(text)), subject=text)


_LONGEST = 500
_MESSAGES = {
    "personal": "'{}' is a path of one machine: take it from an argument or the environment",
    "absolute": "'{}' is an absolute path: take it from an argument or the environment",
    "host": "'{}' is the address of one machine: take it from an argument or the environment",
    "shared": "'{}' is somebody's link, which may change or vanish: take it from the configuration",
    "remote": "'{}' is where data comes from, inside a function: take it from an argument or the configuration",
}


def _kind(text: str) -> str:
    if "\n" in text or (" " in text.strip() and "://" in text):
        return ""
    if "://" in text and not text.startswith("file:"):
        if _LOCAL_HOST.match(text):
            return "host"
        return "shared" if _SHARED.match(text) else "remote" if REMOTE.match(text) else ""
    if text.startswith("file:"):
        return "personal" if len(text) > len("file:///") and not text.startswith("file:///tmp") else ""
    if _PERSONAL.match(text) or _DISK.match(text):
        return "personal"
    return "absolute" if _ABSOLUTE.match(text) or _FILE.match(text) else ""


def _shown(text: str) -> str:
    text = text.rstrip("\\/")
    return text if len(text) <= 60 else f"{text[:57]}..."


def _is_given(module: Module, node: ast.Constant, kind: str) -> bool:
    """Whether a literal is used as a path or an address that nothing overrides."""
    below: ast.AST = node
    above = getattr(node, "parent", None)
    key = ""
    while above is not None:
        if isinstance(above, ast.Call):
            return _given_to(module, above, below, kind, key)
        if isinstance(above, ast.keyword):
            key = above.arg or ""
        elif isinstance(above, ast.Assign | ast.AnnAssign):
            targets = above.targets if isinstance(above, ast.Assign) else [above.target]
            if below is not above.value or _is_setting(module, above):
                return False
            return any(_fits(name, kind) for name in ([key] if key else [_name(target) for target in targets]))
        elif isinstance(above, ast.Dict):
            if below in above.values:
                key = key or _key(above.keys[above.values.index(below)])
            else:
                return False
        elif isinstance(above, ast.BinOp):
            if below is not above.left and not _is_first(above, node):
                return False
        elif isinstance(above, ast.JoinedStr):
            if above.values[0] is not node:
                return False
        elif isinstance(above, ast.BoolOp):
            if above.values[0] is not below:  # given or "/default"
                return False
        elif isinstance(above, ast.arguments):
            return kind == "personal" and _fits(_parameter(above, below), kind)
        elif isinstance(above, ast.Return):
            return kind == "personal"
        elif isinstance(above, ast.For | ast.comprehension):
            return kind == "personal" and below is above.iter
        elif isinstance(above, ast.IfExp):
            if below is above.test:
                return False
        elif not isinstance(above, ast.List | ast.Tuple | ast.Set | ast.Starred | ast.Attribute | ast.Subscript):
            return False
        below, above = above, getattr(above, "parent", None)
    return False


def _given_to(module: Module, call: ast.Call, below: ast.AST, kind: str, key: str) -> bool:
    if below is call.func:  # "/data/{}".format(name): ask what the text is given to
        method = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        return method in ("format", "joinpath") and _is_outer(module, call, kind)
    known = module.call_of(call)
    last = call.func.attr if isinstance(call.func, ast.Attribute) else known.method
    if call.args and below is not call.args[0] and _VARIABLE.fullmatch(_key(call.args[0])):
        return False
    if _OVERRIDDEN.fullmatch(last) and not (
        last == "get" and known.name.startswith(("requests.", "httpx.", "aiohttp."))
    ):
        return False
    if _TEXTS.fullmatch(last) or _is_route(call, last):
        return False
    if last in ("join", "Path", "str", "abspath", "normpath", "resolve", "expanduser", "fspath", "r", "PosixPath"):
        first = bool(call.args) and call.args[0] is below
        return first and _is_outer(module, call, kind)
    if key and not _fits(key, kind) and kind != "personal":
        return False
    if kind in ("host", "shared"):
        if _NO_ADDRESS.search(key) or _NO_ADDRESS.search(last):
            return False
        reads = bool(known.kinds & {"reads_data", "loads_model", "names_experiment", "starts_run"})
        connects = _CONNECTS.fullmatch(last) or known.name.startswith(
            ("requests.", "httpx.", "urllib.", "gdown.", "wget.")
        )
        return (
            reads
            or bool(connects)
            or bool(key and _ADDRESS_NAME.search(key))
            or (kind == "shared" and _READERS.fullmatch(last) is not None)
        )
    if kind == "personal":
        return not isinstance(getattr(call, "parent", None), ast.Raise)
    works = known.kinds & {
        "reads_data",
        "loads_model",
        "saves_model",
        "writes_data",
        "unpickles",
        "logs_model",
        "trains",
    }
    return bool(bool(works) or _READERS.fullmatch(last) or bool(key and _PATH_NAME.search(key)))


def _is_outer(module: Module, call: ast.Call, kind: str) -> bool:
    """Whether the path that a call puts together is used as one."""
    above = getattr(call, "parent", None)
    if isinstance(above, ast.Call | ast.keyword | ast.Assign | ast.AnnAssign | ast.BinOp | ast.Attribute | ast.List):
        if isinstance(above, ast.Call) and above.func is not call:
            last = above.func.attr if isinstance(above.func, ast.Attribute) else module.call_of(above).method
            return not _OVERRIDDEN.fullmatch(last) and not _TEXTS.fullmatch(last)
        if isinstance(above, ast.keyword):
            outer = getattr(above, "parent", None)
            last = module.call_of(outer).method if isinstance(outer, ast.Call) else ""
            return not _OVERRIDDEN.fullmatch(last) and not _TEXTS.fullmatch(last)
        if isinstance(above, ast.Assign | ast.AnnAssign):
            return not _is_setting(module, above)
        return True
    return kind == "personal" and not isinstance(above, ast.Expr)


def _is_route(call: ast.Call, last: str) -> bool:
    """Whether a call tells a web framework a route or an address to bind to."""
    if keyword(call, "methods") is not None or keyword(call, "response_model") is not None:
        return True
    return last in (
        "route",
        "mount",
        "add_url_rule",
        "add_api_route",
        "include_router",
        "url_for",
        "redirect",
        "run",
        "APIRouter",
        "Blueprint",
        "re_path",
        "add_middleware",
        "CORSMiddleware",
        "FastAPI",
        "CORS",
        "StaticFiles",
    )


def _is_setting(module: Module, node: ast.AST) -> bool:
    """Whether an assignment is a field of a class whose fields the environment or a caller sets."""
    above = getattr(node, "parent", None)
    if not isinstance(above, ast.ClassDef):
        return False
    bases = {module.names.of(base, module.own_code).rpartition(".")[2] for base in above.bases}
    return not bases.isdisjoint(_SETTINGS) or bool(above.decorator_list)


def _is_first(node: ast.BinOp, constant: ast.Constant) -> bool:
    """Whether a sum begins with the literal."""
    left: ast.AST = node
    while isinstance(left, ast.BinOp):
        left = left.left
    return left is constant or (isinstance(left, ast.JoinedStr) and bool(left.values) and left.values[0] is constant)


def _fits(name: str, kind: str) -> bool:
    if kind in ("host", "shared"):
        return bool(_ADDRESS_NAME.search(name)) and not _NO_ADDRESS.search(name)
    return bool(_PATH_NAME.search(name)) or kind == "personal"


def _name(target: ast.expr) -> str:
    if isinstance(target, ast.Name):
        return target.id
    if isinstance(target, ast.Attribute):
        return target.attr
    return _key(target.slice) if isinstance(target, ast.Subscript) else ""


def _key(node: ast.expr | None) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _parameter(arguments: ast.arguments, default: ast.AST) -> str:
    """The name of the parameter that has this default."""
    positional = [*arguments.posonlyargs, *arguments.args]
    if default in arguments.defaults:
        return positional[len(positional) - len(arguments.defaults) + arguments.defaults.index(default)].arg
    if default in arguments.kw_defaults:
        return arguments.kwonlyargs[arguments.kw_defaults.index(default)].arg
    return ""
