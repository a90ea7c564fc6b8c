"""The columns of the bulk sheet, and the words other people use for them."""

import re
import unicodedata

import msgspec


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """One column: its key in forms and files, its title, the Order field it fills, and the words that name it.

    Of two headers that name the same column the one with the earlier word wins, so the words
    stand from the surest to the vaguest.
    """

    key: str
    title: str
    field: str
    required: bool = False
    words: tuple[str, ...] = ()


def _column(key: str, title: str, words: str, *, required: bool = False, field: str = "") -> Column:
    return Column(
        key=key,
        title=title,
        field=field or key,
        required=required,
        words=tuple(dict.fromkeys(squeeze(word) for word in (title, key, *words.split(",")))),
    )


def squeeze(header: str) -> str:
    """Reduce a header to its letters and digits, so that spacing, case, stars and accents do not count."""
    plain = unicodedata.normalize("NFKC", header).translate(_ARABIC_TO_URDU).casefold()
    return "".join(character for character in plain if character.isalnum())


_ARABIC_TO_URDU = str.maketrans({"\u064a": "\u06cc", "\u0649": "\u06cc", "\u0643": "\u06a9"})

COLUMNS: tuple[Column, ...] = (
    _column(
        "order_ref",
        "Order Ref",
        "order reference,order reference number,order ref number,order ref no,order id,order number,order no,"
        "customer reference no,customer reference number,customer reference,customer ref,shipper reference,"
        "shipper ref,reference number,reference no,ref no,reference,booked packet order id,invoice number,"
        "invoice no,order,order #,external id,آرڈر نمبر",
    ),
    _column(
        "service",
        "Service",
        "service type,service code,service name,service type id,shipping mode,shipping mode id,shipment type,"
        "delivery type,delivery mode,shipping method,product type,services,سروس",
        required=True,
    ),
    _column(
        "profile",
        "Pickup Profile",
        "profile id,profile,pickup profile id,pickup location,pickup address code,pickup address id,pickup point,"
        "shipper profile,warehouse,warehouse code,store code,location code,cost center code",
        field="profile_id",
    ),
    _column(
        "destination_city",
        "Destination City",
        "consignee city,consignee city name,destination city name,delivery city,city name,customer city,"
        "receiver city,recipient city,shipping city,city,deliver to,destination,to city,drop city,شہر",
        required=True,
        field="destination_city_id",
    ),
    _column(
        "consignee_name",
        "Consignee Name",
        "consignee,consignment name,consignment name eng,customer name,receiver name,recipient name,shipping name,"
        "delivery name,buyer name,receiver,recipient,customer,full name,client name,name,contact person,نام",
        required=True,
    ),
    _column(
        "consignee_phone",
        "Consignee Phone",
        "consignee phone number,consignee phone no,consignee mobile,consignee mobile no,consignee contact,"
        "consignee contact no,consignee contact number,consignee cell,consignee phone number 1,consignment phone,"
        "customer phone,customer mobile,customer contact,customer phone number,customer number,customer contact no,"
        "receiver phone,receiver mobile,receiver contact,recipient phone,shipping phone,delivery phone,mobile,"
        "mobile no,mobile number,cell,cell no,cell number,phone,phone no,phone number,phone 1,contact number,"
        "contact no,contact,whatsapp,whatsapp number,فون,موبائل,فون نمبر,موبائل نمبر",
        required=True,
    ),
    _column(
        "alt_phone",
        "Alt Phone",
        "alternate phone,alternative phone,alternate contact,alternate number,alt contact,alt number,phone 2,"
        "mobile 2,contact 2,second phone,secondary phone,other phone,consignee phone 2,consignee phone number 2,"
        "consignment phone two,landline",
    ),
    _column(
        "consignee_email",
        "Consignee Email",
        "consignee email address,customer email,receiver email,recipient email,email,email address,e-mail,"
        "consignment email",
    ),
    _column(
        "address",
        "Consignee Address",
        "consignee full address,delivery address,shipping address,customer address,receiver address,"
        "recipient address,consignment address,full address,complete address,drop address,shipping address 1,"
        "shipping street,address line 1,address 1,street address,address,پتہ",
        required=True,
    ),
    _column(
        "landmark",
        "Landmark",
        "nearest landmark,nearby landmark,near,famous place,shipping address 2,address line 2,address 2",
    ),
    _column(
        "pieces",
        "Pieces",
        "no of pieces,number of pieces,total pieces,pcs,piece,booked packet no piece,no of items,number of items,"
        "item quantity,items,quantity,qty,parcels,no of parcels,تعداد",
        required=True,
    ),
    _column(
        "weight_kg",
        "Weight (kg)",
        "weight,weight kgs,weight in kg,weight in kgs,total weight,gross weight,actual weight,estimated weight,"
        "parcel weight,packet weight,shipment weight,booked weight,wt,wt kg,kg,kgs,وزن",
        required=True,
        field="weight_g",
    ),
    _column("length_cm", "Length (cm)", "length,l cm,parcel length,item length"),
    _column("width_cm", "Width (cm)", "width,breadth,w cm,parcel width,item width"),
    _column("height_cm", "Height (cm)", "height,h cm,parcel height,item height"),
    _column(
        "cod_amount",
        "COD Amount",
        "cod amt,cod,cod value,cod amount rs,cod amount pkr,cash on delivery,cash on delivery amount,collect amount,"
        "collection amount,amount to collect,cash to collect,cash collection,booked packet collect amount,"
        "invoice payment,receivable amount,payable amount,invoice amount,order amount,order value,amount payable,"
        "total amount,order total,amount,total,رقم",
        required=True,
        field="cod_paisa",
    ),
    _column(
        "product",
        "Product Description",
        "product details,product detail,product name,item description,items description,item details,item name,"
        "order detail,order details,order description,goods description,content,contents,shipment contents,"
        "parcel details,packet contents,description,product,products,item,lineitem name,سامان",
        required=True,
    ),
    _column(
        "declared_value",
        "Declared Value",
        "insurance value,insured value,item value,goods value,product value,customs value,declared amount,"
        "declared value rs,declared value pkr",
        field="declared_value_paisa",
    ),
    _column(
        "allow_open", "Allow Open (Y/N)", "allow open,open parcel,allow to open,open allowed,can open,allow opening"
    ),
    _column("fragile", "Fragile (Y/N)", "fragile,is fragile,handle with care,fragile item"),
    _column("proof", "Proof", "proof of delivery,pod type,delivery proof,proof type,proof none signature photo code"),
    _column(
        "remarks",
        "Remarks",
        "special instructions,special instruction,delivery instructions,shipping instructions,instructions,"
        "rider instructions,transaction notes,order notes,customer note,remark,comments,comment,notes,note,ہدایات",
    ),
    _column(
        "pickup_date",
        "Pickup Date",
        "collection date,date of pickup,pick up date,pickup on,collect on",
        field="pickup_on",
    ),
    _column(
        "delivery_window",
        "Delivery Window",
        "delivery time,delivery slot,delivery time slot,time slot,preferred time,preferred delivery time",
    ),
    _column("return_address", "Return Address", "return to,returns address,address for returns"),
    _column(
        "piece_weights",
        "Piece Weights",
        "weight of each piece,weights of pieces,weight per piece,each piece weight,piece weight,pieces weight",
    ),
    _column(
        "signed_papers",
        "Signed Papers",
        "papers to sign,required documents,documents required,documents at delivery,signed documents,papers back",
    ),
)

BY_KEY: dict[str, Column] = {column.key: column for column in COLUMNS}
REQUIRED: tuple[str, ...] = tuple(column.key for column in COLUMNS if column.required)
IN_GRAMS = frozenset(
    squeeze(word) for word in ("weight g", "weight gm", "weight gms", "weight grams", "weight in grams")
)

_NAMED: dict[str, tuple[str, int]] = {
    word: (column.key, rank) for column in reversed(COLUMNS) for rank, word in reversed(list(enumerate(column.words)))
} | dict.fromkeys(IN_GRAMS, ("weight_kg", 0))
_LONGEST = 100
_IN_BRACKETS = re.compile(r"[(\[][^)\]]*[)\]]")
# A unit outside this list changes what the numbers mean, so such a header is asked about instead.
_HARMLESS = frozenset(
    squeeze(word)
    for word in (
        "",
        "kg",
        "kgs",
        "in kg",
        "cm",
        "cms",
        "in cm",
        "pkr",
        "rs",
        "rupees",
        "y/n",
        "yes/no",
        "required",
        "optional",
        "mandatory",
        "if any",
        "none/signature/photo/code",
    )
)


def named(header: str) -> tuple[str, int] | None:
    """The column a header names for certain, with the rank of the word used (0 is the title); else None."""
    exact = _NAMED.get(squeeze(header))
    if exact is not None:
        return exact
    if all(squeeze(bracket) in _HARMLESS for bracket in _IN_BRACKETS.findall(header)):
        return _NAMED.get(squeeze(_IN_BRACKETS.sub("", header)))
    return None


def recognised(cells: list[str]) -> int:
    """How many different columns the cells of a row name: the row with most of them is the header row."""
    return len({found[0] for cell in cells if (found := named(cell[:_LONGEST])) is not None})
